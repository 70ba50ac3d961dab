"""What pytest finds: the plugin of `puresponse.transports.testing.pytest_plugin`, under a name of its own.

It installs as the package `puresponse_pytest`. pytest looks through a plugin's distribution for packages at its top, to
rewrite their assertions; where it finds none, as in a namespace package, it takes `puresponse/codecs` for the module
`codecs` of the standard library, and warns everyone.
"""

from puresponse.transports.testing.pytest_plugin import puresponse_clock as puresponse_clock
from puresponse.transports.testing.pytest_plugin import puresponse_control as puresponse_control
from puresponse.transports.testing.pytest_plugin import puresponse_explore as puresponse_explore
from puresponse.transports.testing.pytest_plugin import puresponse_forbidden as puresponse_forbidden
from puresponse.transports.testing.pytest_plugin import puresponse_server as puresponse_server
from puresponse.transports.testing.pytest_plugin import puresponse_service as puresponse_service
from puresponse.transports.testing.pytest_plugin import puresponse_shared_server as puresponse_shared_server
from puresponse.transports.testing.pytest_plugin import pytest_configure as pytest_configure

pytest_plugins = (
    "puresponse.transports.testing.pytest_cassettes",
    "puresponse.transports.testing.pytest_every_fault",
)
