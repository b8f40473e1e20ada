"""What the program says: every sentence in the code has its English, and no English is there for nothing."""

import ast
import json
import pickle
import re
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import Environment, nodes

from engine.errors import BadInput, NotFound, Refusal
from engine.words import Words, both, dated, listed, say, term, worded
from scripts.catalogues import PACKAGES
from tests.house import START

ROOT = Path(__file__).resolve().parent.parent
CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
MAKERS = {ROOT / "engine" / "words.py", ROOT / "web" / "common" / "words.py"}
MARKERS = {"say": 0, "term": 1}  # which argument is the sentence


def of(package):
    return pytest.param(package, id=package.name)


def facts_of(text):
    """The names in braces: ``{month:02}`` and ``{text!r}`` are about month and text."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def english_of(catalogue):
    """(Chinese, English) of every entry, one for each plural."""
    for message in catalogue:
        strings = message.string if isinstance(message.string, tuple | list) else [message.string]
        chinese = message.id if isinstance(message.id, str) else message.id[0]
        yield from ((chinese, string) for string in strings if chinese)


@pytest.mark.parametrize("package", [*map(of, PACKAGES)])
def test_the_catalogue_holds_what_the_code_says_and_nothing_else(package):
    """If this fails: ``make words``, then write the English of what it names."""
    said = {(message, context) for message, context in package.said()}
    known = {(message.id, message.context) for message in package.catalogue() if message.id}
    assert (said - known, known - said) == (set(), set())


@pytest.mark.parametrize("package", [*map(of, PACKAGES)])
def test_every_entry_has_its_english_and_no_chinese_in_it(package):
    entries = list(english_of(package.catalogue()))
    assert entries and [chinese for chinese, english in entries if not english or CHINESE.search(english)] == []
    assert not any(message.fuzzy for message in package.catalogue())


@pytest.mark.parametrize("package", [*map(of, PACKAGES)])
def test_the_english_names_no_other_facts_than_the_chinese(package):
    wrong = [chinese for chinese, english in english_of(package.catalogue()) if facts_of(english) - facts_of(chinese)]
    assert wrong == []


def files():
    """The code of every package, but where the words themselves are made."""
    found = [file for package in PACKAGES for file in sorted((ROOT / package.name).rglob("*.py"))]
    return [file for file in found if "node_modules" not in file.parts and file not in MAKERS]


def calls(tree, names):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
            yield node


def careless(source):
    """Words whose text is not a literal, or whose facts are not those of their text."""
    for call in calls(ast.parse(source), MARKERS):
        place = MARKERS[call.func.id]
        text = call.args[place] if len(call.args) == place + 1 else None
        given = {keyword.arg for keyword in call.keywords} - {None}
        if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
            yield f"line {call.lineno}: not a literal"
        elif any(keyword.arg is None for keyword in call.keywords):
            if given - facts_of(text.value):
                yield f"line {call.lineno}: {text.value}"
        elif given and given != facts_of(text.value):
            yield f"line {call.lineno}: {text.value}"


def test_every_sentence_is_a_literal_with_its_own_facts():
    found = {str(file.relative_to(ROOT)): list(careless(file.read_text("utf-8"))) for file in files()}
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_a_careless_sentence_would_be_seen():
    assert list(careless('say("没有{name}", nme=1)')) and list(careless("say(text)")) and list(careless('say(f"{x}")'))
    assert not list(careless('say("没有{name}", name=1); term("a", "终止"); say("没有{name}")'))


def refusals():
    """Every refusal of the program by name."""
    waiting, found = [Refusal], {}
    while waiting:
        one = waiting.pop()
        waiting += one.__subclasses__()
        if one.__module__.partition(".")[0] in {"engine", "web"}:
            found[one.__name__] = one
    return found


def unfilled(source, known):
    """Refusals that are made without a fact that their sentence speaks of."""
    for call in calls(ast.parse(source), known):
        one = known[call.func.id]
        if "__init__" not in vars(one) and not any(keyword.arg is None for keyword in call.keywords):
            given = {keyword.arg for keyword in call.keywords}
            if facts_of(one.sentence.id) - given:
                yield f"line {call.lineno}: {call.func.id}"


def test_every_refusal_is_told_with_its_facts():
    known = refusals()
    found = {str(file.relative_to(ROOT)): list(unfilled(file.read_text("utf-8"), known)) for file in files()}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert list(unfilled("BadInput(field=1)", known)) == ["line 1: BadInput"]


def test_words_are_read_in_the_language_of_the_reader():
    words = say("“{field}”有误：{reason}", field=say("附件"), reason=("太大", "too large"))
    assert words.text() == "“附件”有误：太大" and words.text("en") == "“file” is wrong: too large"
    assert both(words) == (words.text("zh"), words.text("en")) and both("a") == ("a", "a")
    refusal = BadInput(field=say("附件"), reason=("太大", "too large"))
    assert (refusal.message("zh"), str(refusal)) == both(words)


def test_data_without_english_stays_as_its_author_wrote_it():
    assert (
        worded(("合同", ""), "en") == "合同"
        and worded("合同", "en") == "合同"
        and worded(("合同", "Contract"), "zh") == "合同"
    )


def test_words_without_a_catalogue_or_a_fact_are_still_words():
    assert Words("从未说过", package="tests").text("en") == "从未说过"
    assert NotFound().message("zh") == "没有找到—，或者您无权查看。"
    assert say("{{0}}").text() == "{0}"


def test_a_list_and_a_day_are_written_as_the_language_writes_them():
    assert [listed(["a", ("二", "two")]).text(language) for language in ("zh", "en")] == ["a、二", "a, two"]
    assert [dated(START).text(language) for language in ("zh", "en")] == ["2026年11月23日", "2026-11-23"]


def test_the_same_name_may_have_two_meanings():
    assert (term("event", "条件").text("en"), say("条件").text("en")) == ("conditional", "condition")


def test_words_can_be_compared_kept_and_stored():
    words = say("第 {line} 行", line=3)
    assert (
        words == say("第 {line} 行", line=3) != say("第 {line} 行", line=4) and len({words, words.about(line=3)}) == 1
    )
    assert pickle.loads(pickle.dumps(words)) == words and json.dumps(both(words)) == '["\\u7b2c 3 \\u884c", "line 3"]'


HAN = re.compile(r"[\u3400-\u9fff]")
SAYERS = {*MARKERS, "gettext", "lazy_gettext", "ngettext", "pgettext", "_"}
READS = {  # Chinese that is read, compared or drawn, and said to nobody
    "engine/calendar/notice_sentences.py": "how notices are written",
    "engine/calendar/notice_text.py": "how notices are written",
    "engine/calendar/notices.py": "the numbers of notices",
    "engine/checks/conditions.py": "a text that no condition names",
    "engine/checks/folder.py": "the characters of names",
    "engine/checks/cited.py": "how a row of a table cites",
    "engine/checks/citing.py": "how a row of a table cites",
    "engine/checks/personal.py": "what labels say of persons",
    "engine/demo/people.py": "where the demo's organisations come from",
    "engine/desks/regulation.py": "how the regulation is written",
    "engine/directory/columns.py": "how tables of organisations are headed",
    "engine/directory/organisation_rows.py": "how tables say yes and no",
    "engine/forms/filled.py": "how tables say yes and no, and write dates",
    "engine/telephones.py": "how extensions of telephones are written",
    "engine/documents/amounts.py": "how papers write amounts",
    "engine/documents/official.py": "names of fonts and styles, and the paper to begin with",
    "engine/documents/places.py": "how places say that they are amounts, and a value to try a template with",
    "engine/documents/word.py": "names of fonts",
    "web/cases/deadline_acts.py": "what the engine calls fields",
}


def unsaid(source):
    """Chinese texts in code that no catalogue can translate; what is in both languages at once needs none."""
    tree = ast.parse(source)
    fine = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) in SAYERS:
            fine |= {id(part) for text in node.args for part in ast.walk(text)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in fine else ""
        if isinstance(text, str) and HAN.search(text) and " · " not in text:
            yield text


def test_the_code_says_no_chinese_past_the_catalogues():
    found = {file.relative_to(ROOT).as_posix(): list(unsaid(file.read_text("utf-8"))) for file in files()}
    assert {name for name, texts in found.items() if texts} == set(READS), found
    assert list(unsaid('f"“{name}”有误"')) and not list(unsaid('"""文件"""\nsay("文件")'))


CARRIED = {"岗", "中文", "国办发明电〔〕号"}  # in elements that say their language


def unsaid_by_template(source):
    """Chinese texts in a template that are in no call of gettext."""
    tree = Environment(autoescape=True).parse(source)
    fine = {id(text) for call in tree.find_all(nodes.Call) for text in call.find_all(nodes.Const)}
    for node in tree.find_all((nodes.TemplateData, nodes.Const)):
        text = getattr(node, "data", "") or getattr(node, "value", "")
        if isinstance(text, str) and id(node) not in fine:
            yield from set(re.findall(rf"{CHINESE.pattern}+", text)) - CARRIED


def test_templates_say_no_chinese_past_the_catalogue():
    templates = sorted((ROOT / "web" / "templates").rglob("*.html"))
    found = {file.name: list(unsaid_by_template(file.read_text("utf-8"))) for file in templates}
    assert templates and {name: texts for name, texts in found.items() if texts} == {}
    assert list(unsaid_by_template("<p>待办</p>")) == list(unsaid_by_template("{{ '待办' }}")) == ["待办"]
    assert not list(unsaid_by_template("<p>{{ _('待办') }}</p>"))
