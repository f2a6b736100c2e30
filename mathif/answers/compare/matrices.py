"""Vectors and matrices in their many spellings, and their arithmetic, turned into one matrix of entries."""

from __future__ import annotations

from mathif.answers.tree import (
    ZERO,
    Call,
    Matrix,
    Name,
    Power,
    Product,
    Span,
    Sum,
    TooLargeError,
    Tree,
    negative,
    number,
    product,
    total,
)

_MOST_ENTRIES = 400
_MOST_ROWS_OF_A_DETERMINANT = 5
_UNIT_VECTORS = {"hat i": 0, "hat j": 1, "hat k": 2, "hat x": 0, "hat y": 1, "hat z": 2}


def fold_matrix(tree: Tree) -> Tree:
    r"""Return `tree` with its vectors and matrices as matrices of entries; a tree without any as it is.

    Scalars times matrices, sums, products, transposes (`(1,2)^T`), determinants and sums of unit vectors
    (`3\\mathbf{i}+4\\mathbf{j}`) are done.
    """
    parts = tree.walk()
    if any(isinstance(part, Name) and part.name in _UNIT_VECTORS for part in parts):
        return _from_unit_vectors(tree) or tree
    if any(isinstance(part, Matrix | Span) for part in parts):
        return _folded(tree)
    return tree


def _folded(tree: Tree) -> Tree:
    match tree:
        case Power(Matrix() | Span() as base, Name("T")):
            return _transposed(base)
        case Call("det", (Matrix() as matrix,)):
            rows = _rows(matrix)
            small = len(rows) == matrix.columns <= _MOST_ROWS_OF_A_DETERMINANT
            return _determinant(rows) if small else tree
        case Sum(terms):
            return _joined(tree, [_folded(term) for term in terms])
        case Product(factors):
            return _joined(tree, [_folded(factor) for factor in factors])
        case _:
            return tree


def _joined(tree: Sum | Product, parts: list[Tree]) -> Tree:
    if not any(isinstance(part, Matrix) for part in parts):
        parts = [_column(part) if isinstance(part, Span) else part for part in parts]
        if not any(isinstance(part, Matrix) for part in parts):
            return tree.mapped(_folded)
    folded: Tree = parts[0]
    for part in parts[1:]:
        step = _added(folded, part) if isinstance(tree, Sum) else _multiplied(folded, part)
        if step is None:
            return tree
        folded = step
    return folded


def _column(span: Span) -> Tree:
    """Return the column of a tuple in round brackets; other brackets are intervals."""
    return Matrix(1, span.items) if (span.left, span.right) == ("(", ")") else span


def _rows(matrix: Matrix) -> list[list[Tree]]:
    columns = matrix.columns
    return [list(matrix.entries[at : at + columns]) for at in range(0, len(matrix.entries), columns)]


def _transposed(tree: Matrix | Span) -> Tree:
    if isinstance(tree, Span):
        return Matrix(1, tree.items)
    rows = _rows(tree)
    return Matrix(len(rows), tuple(row[column] for column in range(tree.columns) for row in rows))


def _determinant(rows: list[list[Tree]]) -> Tree:
    """Expand a determinant by its first row."""
    if len(rows) == 1:
        return rows[0][0]
    terms = []
    for column, entry in enumerate(rows[0]):
        minor = _determinant([[*row[:column], *row[column + 1 :]] for row in rows[1:]])
        term = product(entry, minor)
        terms.append(negative(term) if column % 2 else term)
    return total(*terms)


def _added(first: Tree, second: Tree) -> Tree | None:
    if not isinstance(first, Matrix) or not isinstance(second, Matrix) or first.columns != second.columns:
        return None
    if len(first.entries) != len(second.entries):
        return None
    return Matrix(first.columns, tuple(total(a, b) for a, b in zip(first.entries, second.entries, strict=True)))


def _multiplied(first: Tree, second: Tree) -> Tree | None:
    if isinstance(first, Matrix) and isinstance(second, Matrix):
        return _times(first, second)
    if isinstance(second, Matrix):
        first, second = second, first
    if isinstance(first, Matrix):
        return Matrix(first.columns, tuple(product(second, entry) for entry in first.entries))
    return product(first, second)


def _times(first: Matrix, second: Matrix) -> Tree | None:
    inner, left = first.columns, first.entries
    columns, right = second.columns, second.entries
    if len(right) != inner * columns:
        return None
    if len(left) * columns > _MOST_ENTRIES * inner:
        raise TooLargeError(f"a matrix of more than {_MOST_ENTRIES} entries")
    entries = [
        total(*(product(left[row * inner + at], right[at * columns + column]) for at in range(inner)))
        for row in range(len(left) // inner)
        for column in range(columns)
    ]
    return Matrix(columns, tuple(entries))


def _from_unit_vectors(tree: Tree) -> Tree | None:
    """Return the column of coefficients of a sum of unit vectors, None where a term has not exactly one."""
    rows: list[list[Tree]] = [[], [], []]
    terms = tree.terms if isinstance(tree, Sum) else (tree,)
    for term in terms:
        factors = term.factors if isinstance(term, Product) else (term,)
        axes = [factor for factor in factors if isinstance(factor, Name) and factor.name in _UNIT_VECTORS]
        if len(axes) != 1:
            return _from_unit_vectors(_expanded(tree)) if _expanded(tree) != tree else None
        rest = [factor for factor in factors if factor not in axes]
        rows[_UNIT_VECTORS[axes[0].name]].append(product(*rest) if rest else number(1))
    entries = [total(*part) if part else ZERO for part in rows]
    return Matrix(1, tuple(entries if rows[2] else entries[:2]))


def _expanded(tree: Tree) -> Tree:
    r"""Multiply a factor or a divisor into a sum of unit vectors (`\\frac{3i+4j}{5}`, `2(i+j)`)."""
    if not isinstance(tree, Product):
        return tree
    sums = [factor for factor in tree.factors if isinstance(factor, Sum)]
    vectors = [part for part in sums if any(isinstance(n, Name) and n.name in _UNIT_VECTORS for n in part.walk())]
    if len(vectors) != 1:
        return tree
    rest = [factor for factor in tree.factors if factor is not vectors[0]]
    return total(*(product(*rest, term) for term in vectors[0].terms))


def padded(first: Matrix, second: Matrix | Span) -> Matrix:
    """Return a plane vector with a third entry of zero where the other one has three."""
    entries = second.entries if isinstance(second, Matrix) else second.items
    if first.columns == 1 and len(first.entries) == 2 and len(entries) == 3:
        return Matrix(1, (*first.entries, ZERO))
    return first
