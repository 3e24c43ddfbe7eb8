"""The calculators: one convolution or one pooling layer, with the formulas written out (questions cd01, cd08, cd09)."""

from __future__ import annotations

from collections.abc import Iterator

from tp1tui.spec.arithmetic import window_output
from tp1tui.spec.measure import ConvolutionCalculator, PoolingCalculator
from tp1tui.spec.results import Cell, Column, Result, Table, Text

KERNELS = (1, 2, 3, 5, 7, 9, 11)
"""Those of the table of paddings."""


def convolution(case: ConvolutionCalculator) -> tuple[Result, ...]:
    """One convolution, the dense layer in its place, and the paddings that keep or halve the size."""
    x, y, z, k, filters = case.width, case.height, case.channels, case.kernel, case.filters
    width, height = _outputs(case)
    inputs, outputs = x * y * z, width * height * filters
    weights, dense_weights = filters * (k * k * z + 1), (inputs + 1) * outputs
    products, dense_products = outputs * k * k * z, inputs * outputs
    formulas = (
        *_size_formulas(case),
        f"output           = {width} x {height} x {filters} filters = {outputs:,} numbers",
        "",
        "weights of the convolution = filters · (k·k·z + 1)",
        f"                           = {filters:,} · ({k}·{k}·{z} + 1) = {weights:,}",
        "weights of a dense layer   = (x·y·z + 1) · outputs",
        f"                           = ({x}·{y}·{z} + 1) · {outputs:,} = {dense_weights:,}",
        f"so the dense layer has {_times(dense_weights / weights)} as many",
        "",
        "multiply-adds of the convolution = outputs · k·k·z",
        f"                                 = {outputs:,} · {k}·{k}·{z} = {products:,}",
        "multiply-adds of a dense layer   = x·y·z · outputs",
        f"                                 = {inputs:,} · {outputs:,} = {dense_products:,}",
        "",
        "Each + 1 is a bias.",
        *_left_over(case),
    )
    rows: tuple[tuple[Cell, ...], ...] = (
        ("convolution", f"{width}x{height}x{filters}", weights, 1.0, products),
        ("dense layer", f"{outputs:,}", dense_weights, dense_weights / weights, dense_products),
    )
    names = ("layer", "output", "weights", "weights over the convolution's", "multiply-adds")
    note = "The dense layer takes the same input and gives as many outputs."
    table = Table(name="convolution and dense layer", note=note, columns=_columns(*names), rows=rows)
    return Text(name="formulas", text="\n".join(formulas)), table, _paddings(case)


def pooling(case: PoolingCalculator) -> tuple[Result, ...]:
    """One pooling layer, and the paddings that keep or halve the size."""
    width, height = _outputs(case)
    inputs, outputs = case.width * case.height * case.channels, width * height * case.channels
    formulas = (
        *_size_formulas(case),
        f"output           = {width} x {height} x {case.channels} channels = {outputs:,} numbers",
        "",
        "weights = 0: a maximum or a mean has nothing to learn, and each channel is pooled by itself",
        f"of {inputs:,} numbers {outputs:,} go on, {_times(inputs / outputs)} fewer for the next layer",
        *_left_over(case),
    )
    return Text(name="formulas", text="\n".join(formulas)), _paddings(case)


def _outputs(case: ConvolutionCalculator | PoolingCalculator) -> tuple[int, int]:
    """Width and height."""
    k, s, p = case.kernel, case.stride, case.padding
    return window_output(case.width, k, s, p), window_output(case.height, k, s, p)


def _size_formulas(case: ConvolutionCalculator | PoolingCalculator) -> tuple[str, ...]:
    k, s, p = case.kernel, case.stride, case.padding
    width, height = _outputs(case)
    return (
        "output width     = floor((x + 2p - k) / s) + 1",
        f"                 = floor(({case.width} + 2·{p} - {k}) / {s}) + 1 = {width}",
        "output height    = floor((y + 2p - k) / s) + 1",
        f"                 = floor(({case.height} + 2·{p} - {k}) / {s}) + 1 = {height}",
    )


def _left_over(case: ConvolutionCalculator | PoolingCalculator) -> Iterator[str]:
    """Sentences about what no window looks at."""
    for size, line, where in ((case.width, "column", "right"), (case.height, "row", "lower")):
        left = (size + 2 * case.padding - case.kernel) % case.stride
        if left:
            pixels = max(0, left - case.padding)
            lines = f"1 {line}" if left == 1 else f"{left} {line}s"
            what = f"{pixels} of the image, the rest padding" if pixels else "padding, nothing of the image"
            yield f"Left over at the {where} edge, where no window reaches: {lines} ({what})."
    gap = case.stride - case.kernel
    if gap > 0:
        skipped = f"{gap} of every {case.stride} rows and columns are skipped"
        yield f"The stride is larger than the window: between two neighbours {skipped}."


def _paddings(case: ConvolutionCalculator | PoolingCalculator) -> Table:
    x = case.width
    kernels = sorted({*KERNELS, case.kernel})
    columns = ("kernel", "keep: padding", "keep: stride", "keep: output", *_HALVE)
    note = (
        f"For a width of {x}. Kept by padding (k - 1)/2 and stride 1, which takes an odd kernel; halved by padding "
        "(k - 1)/2, rounded down, and stride 2. An odd width is rounded, up by an odd kernel and down by an even one."
    )
    rows = tuple((kernel, *_keeping(x, kernel), *_halving(x, kernel)) for kernel in kernels)
    return Table(
        name="padding and stride that keep or halve the size", note=note, columns=_columns(*columns), rows=rows
    )


_HALVE = ("halve: padding", "halve: stride", "halve: output")


def _keeping(x: int, kernel: int) -> tuple[Cell, ...]:
    if kernel % 2 == 0:
        return None, None, None
    padding = (kernel - 1) // 2
    return padding, 1, window_output(x, kernel, 1, padding)


def _halving(x: int, kernel: int) -> tuple[Cell, ...]:
    padding = (kernel - 1) // 2
    if kernel > x + 2 * padding:
        return None, None, None
    return padding, 2, window_output(x, kernel, 2, padding)


def _times(ratio: float) -> str:
    return f"{ratio:,.4g} times" if ratio < 10_000 else f"{ratio:,.0f} times"


def _columns(*names: str) -> tuple[Column, ...]:
    return tuple(Column(name=name) for name in names)
