"""What the type checker knows: subscripts on values of which it knows nothing, and classes of many methods.

Run by the Python of the checkout, in it, as a program of its own (``python -P scripts/figures/untyped.py``); prints
JSON. Knows mypy, and none of the house.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from mypy.build import build
from mypy.main import process_options
from mypy.nodes import (
    Argument,
    Decorator,
    Expression,
    FuncBase,
    FuncDef,
    IndexExpr,
    MypyFile,
    Node,
    OverloadedFuncDef,
    Statement,
    TypeInfo,
)
from mypy.patterns import Pattern
from mypy.types import AnyType, Instance, Type, get_proper_type

MAPPINGS = {"typing.Mapping", "typing.MutableMapping", "builtins.dict"}
METHODS = 15
WRITTEN = (MypyFile, Statement, Expression, FuncBase, Argument, Pattern)
ELSEWHERE = {"node", "info", "names", "imports"}  # lead out of the file, to what a name means


def loose(kind: Type | None) -> bool:
    """Whether it is ``Any``, or a mapping of texts to ``Any``."""
    found = get_proper_type(kind)
    if isinstance(found, Instance) and found.type.fullname in MAPPINGS:
        key, value = (get_proper_type(one) for one in found.args)
        return isinstance(key, Instance) and key.type.fullname == "builtins.str" and isinstance(value, AnyType)
    return isinstance(found, AnyType)


def inside(tree: MypyFile) -> Iterator[Node]:
    """Every node of a file. mypy lets nobody of us inherit from its own walker, so what a node holds is asked of it."""
    waiting: list[object] = [tree]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, WRITTEN) and id(one) not in seen:
            seen.add(id(one))
            yield one
            waiting += (getattr(one, name, None) for name in dir(one) if name not in ELSEWHERE)


def loose_subscripts(tree: MypyFile, types: Mapping[Expression, Type]) -> int:
    """How many subscripts of a file are on a loose value. A type, such as ``list[int]``, is no value."""
    found = (node for node in inside(tree) if isinstance(node, IndexExpr) and node.analyzed is None)
    return sum(loose(types.get(node.base)) for node in found)


def classes(tree: MypyFile) -> Iterator[TypeInfo]:
    """The classes at the top of a file."""
    for entry in tree.names.values():
        if isinstance(entry.node, TypeInfo) and entry.node.module_name == tree.fullname:
            yield entry.node


def methods(info: TypeInfo, own: set[str]) -> int:
    """How many methods and properties a class has, those of its bases in the house (``own``) included."""
    names = {
        name
        for base in info.mro
        if base.module_name.partition(".")[0] in own
        for name, entry in base.names.items()
        if isinstance(entry.node, FuncDef | Decorator | OverloadedFuncDef) and not entry.plugin_generated
    }
    return len(names)


def look(packages: list[str]) -> dict[str, object]:
    """Check the packages of this folder by its own settings, and count."""
    sources, options = process_options(["--config-file", "pyproject.toml", *packages])
    options.export_types = options.preserve_asts = True
    options.incremental, options.cache_dir = False, os.devnull
    result = build(sources, options)
    own = (state.tree for state in result.graph.values() if state.id.partition(".")[0] in packages)
    trees = [tree for tree in own if tree and tree.path.endswith(".py") and "migrations" not in Path(tree.path).parts]
    by_file: Counter[str] = Counter()
    large = {}
    for tree in trees:
        by_file[tree.path] = loose_subscripts(tree, result.types)
        for info in classes(tree):
            if (count := methods(info, set(packages))) > METHODS:
                large[info.fullname] = count
    return {"subscripts": by_file.total(), "most": by_file.most_common(10), "large": large}


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    print(json.dumps(look(sys.argv[1:]), ensure_ascii=False))
