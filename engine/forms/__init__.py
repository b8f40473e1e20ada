"""Forms: form-js schemas that are validated again on the server. Knows FEEL; knows no case, no page and no store.

Beside what form-js has, a schema may hold ``validate.notBefore`` and ``notAfter`` (dates), ``validate.minItems`` and
``maxItems`` (dynamic lists), ``properties.warning`` ("true" or FEEL: catches the eye when read), and one root object
with the sources, the derived values and the English texts.
"""

from engine.forms.form import Form
from engine.forms.load import load_form
from engine.forms.model import Field, Option, Source

__all__ = ["Field", "Form", "Option", "Source", "load_form"]
