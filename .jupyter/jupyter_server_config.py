"""Settings of the Jupyter server that `course.py lab` starts."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class PromptConnection(ZMQChannelsWebsocketConnection):
    """A page's connection to its kernel on which small messages are sent at once.

    Otherwise each of them may wait 40 ms for the receipt of the one before (Nagle's algorithm,
    RFC 896), and a slider sends many small ones.
    """

    def connect(self):
        self.websocket_handler.set_nodelay(True)
        return super().connect()


c = get_config()  # noqa: F821 - Jupyter's
c.ServerApp.kernel_websocket_connection_class = PromptConnection
# JupyterLab is not to ask a class about news and updates.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
