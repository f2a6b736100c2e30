"""A storm from one integer: the whole line under servers, disks, signals and deaths that one seed decides.

`network` and `disk` stand where the program meets a server, a clock and a disk (`mathif.engines.connections.session`,
`mathif.engines.inflight.Background`, `mathif.store.disk`); `voyage` is a user who does what the program says until the
run is on the board, and holds it to its laws. A seed that fails is named and sails again exactly:

    python -m tests.storm --seeds 10000
    python -m tests.storm --first 17 --seeds 1
"""
