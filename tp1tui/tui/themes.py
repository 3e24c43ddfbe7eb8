"""The two looks of tp1tui. Widgets name these variables and never a colour, so that both stay readable."""

from __future__ import annotations

from textual.theme import Theme

_LINES_ON_DARK = (
    "#75a9ff",
    "#f4aa06",
    "#1cf7ac",
    "#f7464c",
    "#8462ff",
    "#f6ff87",
    "#d35094",
    "#c5fbff",
)
"""Of curves that are overlaid. Any two differ well in CIELAB, for eyes without red, green or blue cones too."""
_LINES_ON_LIGHT = (
    "#003486",
    "#9c670b",
    "#007e57",
    "#be0e3e",
    "#794dcc",
    "#4b3500",
    "#bc448c",
    "#1c1734",
)


def _lines(colours: tuple[str, ...]) -> dict[str, str]:
    return {f"line-{number}": colour for number, colour in enumerate(colours, start=1)}


DARK = Theme(
    name="tp1tui-dark",
    dark=True,
    primary="#6cb6ff",
    secondary="#8ba3c7",
    accent="#f5b971",
    success="#7bd88f",
    warning="#f0c96b",
    error="#ff8a80",
    foreground="#d8dee9",
    background="#10141b",
    surface="#161b24",
    panel="#202836",
    variables={
        **_lines(_LINES_ON_DARK),
        "border": "#6cb6ff",
        "border-blurred": "#344054",
        "block-cursor-background": "#2b4a70",
        "block-cursor-foreground": "#ffffff",
        "block-cursor-blurred-background": "#252f3f",
        "block-cursor-blurred-foreground": "#d8dee9",
        "footer-key-foreground": "#f5b971",
    },
)

LIGHT = Theme(
    name="tp1tui-light",
    dark=False,
    primary="#1f5fae",
    secondary="#4a6284",
    accent="#9a4d00",
    success="#1a6e31",
    warning="#7a5500",
    error="#b3261e",
    foreground="#20252c",
    background="#fbfaf7",
    surface="#f4f2ed",
    panel="#e6e3dc",
    variables={
        **_lines(_LINES_ON_LIGHT),
        "border": "#1f5fae",
        "border-blurred": "#bdb8ad",
        "block-cursor-background": "#cfe0f5",
        "block-cursor-foreground": "#10141b",
        "block-cursor-blurred-background": "#e3e0d8",
        "block-cursor-blurred-foreground": "#20252c",
        "footer-key-foreground": "#9a4d00",
    },
)
