"""The course as static pages whose labs move without a kernel: `python -m tools.site`.

A kernel executes each lesson and `record`s what its labs and questions say and draw (`grid`,
`frames`, `svg`); the `lesson` with these recordings becomes a page of the `template`.
"""

RECORDING = "application/vnd.course.recording+json"
OF = "model_id"  # in the metadata of a recording: the widget that it stands for
