"""The looks of tp1tui. Widgets name these variables and never a colour, so that every look stays readable.

Two for most eyes; a dark and a light one in which no two colours come near each other for eyes without red, green or
blue cones, so that nobody need know which; and one of white on black for weak eyes and projectors.
"""

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
_LINES_ON_DARK_FOR_ALL_EYES = (
    "#70a2a9",
    "#f6ee10",
    "#4efa89",
    "#e05c19",
    "#dd29f9",
    "#cffde2",
    "#978f69",
    "#e895fd",
)
_LINES_ON_LIGHT_FOR_ALL_EYES = (
    "#3407fc",
    "#c43a09",
    "#40745a",
    "#a04299",
    "#280114",
    "#7926bf",
    "#6c130d",
    "#170648",
)
_LINES_ON_BLACK = (
    "#2197fc",
    "#e08017",
    "#5cfc76",
    "#fb9ee6",
    "#c2fd11",
    "#f9e0d7",
    "#ae8e93",
    "#81a761",
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
        "frame": "rgba(216, 222, 233, 0.45)",
        "raw": "rgba(108, 182, 255, 0.45)",
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
        "frame": "rgba(32, 37, 44, 0.6)",
        "raw": "rgba(31, 95, 174, 0.65)",
        "border": "#1f5fae",
        "border-blurred": "#bdb8ad",
        "block-cursor-background": "#cfe0f5",
        "block-cursor-foreground": "#10141b",
        "block-cursor-blurred-background": "#e3e0d8",
        "block-cursor-blurred-foreground": "#20252c",
        "footer-key-foreground": "#9a4d00",
    },
)

DARK_FOR_ALL_EYES = Theme(
    name="tp1tui-dark-colour-blind",
    dark=True,
    primary="#7fa6f5",
    secondary="#8ba3c7",
    accent="#c9962e",
    success="#8af9f7",
    warning="#f8ff2d",
    error="#f4607f",
    foreground=DARK.foreground,
    background=DARK.background,
    surface=DARK.surface,
    panel=DARK.panel,
    variables={
        **DARK.variables,
        **_lines(_LINES_ON_DARK_FOR_ALL_EYES),
        "border": "#7fa6f5",
        "raw": "rgba(127, 166, 245, 0.45)",
        "footer-key-foreground": "#f8ff2d",
    },
)

LIGHT_FOR_ALL_EYES = Theme(
    name="tp1tui-light-colour-blind",
    dark=False,
    primary="#1542a8",
    secondary="#4a6284",
    accent="#4a2400",
    success="#14744e",
    warning="#676905",
    error="#b0208a",
    foreground=LIGHT.foreground,
    background=LIGHT.background,
    surface=LIGHT.surface,
    panel=LIGHT.panel,
    variables={
        **LIGHT.variables,
        **_lines(_LINES_ON_LIGHT_FOR_ALL_EYES),
        "border": "#1542a8",
        "raw": "rgba(21, 66, 168, 0.65)",
        "footer-key-foreground": "#b0208a",
    },
)

HIGH_CONTRAST = Theme(
    name="tp1tui-high-contrast",
    dark=True,
    primary="#8ca4fe",
    secondary="#d0d0d0",
    accent="#f98c38",
    success="#1efc96",
    warning="#f7fa04",
    error="#fdb1d0",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    variables={
        **_lines(_LINES_ON_BLACK),
        "frame": "rgba(255, 255, 255, 0.7)",
        "raw": "rgba(140, 164, 254, 0.7)",
        "border": "#f7fa04",
        "border-blurred": "#909090",
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-blurred-background": "#4a4a4a",
        "block-cursor-blurred-foreground": "#ffffff",
        "footer-key-foreground": "#f7fa04",
    },
)

THEMES = {
    theme.name.removeprefix("tp1tui-"): theme
    for theme in (DARK, LIGHT, DARK_FOR_ALL_EYES, LIGHT_FOR_ALL_EYES, HIGH_CONTRAST)
}
"""By the names that a person says, in the order of the key that goes to the next."""
