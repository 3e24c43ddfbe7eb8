"""The two looks of tp1tui. Widgets name these variables and never a colour, so that both stay readable."""

from __future__ import annotations

from textual.theme import Theme

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
        "border": "#1f5fae",
        "border-blurred": "#bdb8ad",
        "block-cursor-background": "#cfe0f5",
        "block-cursor-foreground": "#10141b",
        "block-cursor-blurred-background": "#e3e0d8",
        "block-cursor-blurred-foreground": "#20252c",
        "footer-key-foreground": "#9a4d00",
    },
)
