"""Laws of units: each is what its definition says, a prefix is a power of ten, and what nobody defined is its own."""

import re
from fractions import Fraction

import pytest

from mathif.answers.units import Unit, read_unit

DEFINED = """
g = 0.001 kg; N = 1 kg m/s^2; J = 1 N m; W = 1 J/s; Pa = 1 N/m^2; bar = 100 kPa; V = 1 W/A; C = 1 A s
F = 1 C/V; H = 1 Wb/A; ohm = 1 V/A; T = 1 Wb/m^2; Wb = 1 V s; L = 1 cubic decimeter; cal = 4.184 J
eV = 1.602176634e-19 J; pc = 3.0856775814913673e16 m; byte = 8 bit; Hz = 1 per s; minute = 60 s
hour = 60 minutes; day = 24 hours; week = 7 days; fortnight = 2 weeks; year = 12 months
decade = 10 years; century = 100 years; inch = 2.54 cm; foot = 12 inches; yard = 3 feet
mile = 1760 yards; angstrom = 0.1 nm; AU = 149597870700 m; acre = 4840 square yards
hectare = 10000 m^2; pound = 453.59237 g; ounce = 1/16 pounds; tonne = 1000 kg; gallon = 4 quarts
quart = 2 pints; pint = 2 cups; psi = 1 pounds per square inch; mph = 1 miles per hour
kph = 1 kilometers per hour; mpg = 1 miles per gallon; fps = 1 feet per second; knot = 1.852 kph
rpm = 1 revolutions per minute; atm = 101325 Pa; cent = 0.01 dollars; dozen = 12 units
kWh = 3600000 J
"""
"""By the SI brochure (9th edition), NIST handbook 44, and the IAU for the parsec."""
OWN = (
    "kg m s A K mol bit month ton cup degree radian revolution dollar euro gbp yen rupee yuan percent celsius"
    " fahrenheit apple kilom kmeter"
)
PREFIXES = (
    "pm -12 nm -9 um -6 mum -6 mm -3 cm -2 dm -1 km 3 Mm 6 Gm 9 Tm 12 picometer -12 nanometer -9 micrometer -6"
    " millimeter -3 centimeter -2 decimeter -1 hectometer 2 kilometer 3 megameter 6 gigameter 9 terameter 12"
)


@pytest.mark.parametrize("definition", DEFINED.strip().replace("\n", "; ").split("; "))
def test_a_unit_is_so_many_of_the_units_that_define_it(definition: str) -> None:
    unit, count, of = re.split(" = | ", definition, maxsplit=2)
    base = read_unit(of)
    assert read_unit(unit) == Unit(Fraction(count) * base.factor, base.dims)


@pytest.mark.parametrize("unit", OWN.split())
def test_what_no_other_unit_defines_is_a_dimension_of_its_own(unit: str) -> None:
    assert read_unit(unit) == Unit(Fraction(1), ((unit, 1),))


@pytest.mark.parametrize(("prefixed", "power"), re.findall(r"(\S+) (-?\d+)", PREFIXES))
def test_a_prefix_is_a_power_of_ten(prefixed: str, power: str) -> None:
    assert read_unit(prefixed) == Unit(Fraction(10) ** int(power), (("m", 1),))
