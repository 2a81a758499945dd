from tests.cms.conftest import demo

__all__ = ["demo"]
