"""What each change is told with: where its person sits, and what belongs to the same request."""

from vmail_admin.directory.changes import new_batch, told
from vmail_admin.signing_in.network import client_address


def tell_changes(get_response):
    def middleware(request):
        # Whatever one request changes is one act, and is taken back as one.
        request.batch = new_batch()
        with told(place=client_address(request), batch=request.batch):
            return get_response(request)

    return middleware
