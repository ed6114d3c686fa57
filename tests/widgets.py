"""The widgets that are open in this process, by their ids."""

try:
    from ipywidgets.widgets.widget import _instances as widgets
except ImportError:  # ipywidgets 7
    from ipywidgets import Widget

    widgets = Widget.widgets
