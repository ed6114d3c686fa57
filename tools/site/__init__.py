"""The course as static pages whose labs move without a kernel: `python -m tools.site`."""
