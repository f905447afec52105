"""Executes other scripts of this folder, each in a process of its own, without importing their modules each time.

    serve.py

Reads a line of JSON for each script from standard input: modules, script, arguments. Answers with a line of JSON:
imported, exit_code, error.
"""

import importlib
import json
import os
import runpy
import sys
import tempfile
import traceback


def imported(modules):
    try:
        for module in modules.split(","):
            importlib.import_module(module.strip())
    except ImportError:
        return False
    return True


def execute(script, arguments, errors):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), script)
    process = os.fork()
    if process:
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        os.dup2(errors.fileno(), 2)
        sys.argv = [path, *arguments]
        runpy.run_path(path, run_name="__main__")
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def answer(modules, script, arguments):
    if not imported(modules):
        return {"imported": False}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as errors:
        code = execute(script, arguments, errors)
        errors.seek(0)
        return {"imported": True, "exit_code": code, "error": errors.read()}


for line in sys.stdin:
    print(json.dumps(answer(**json.loads(line))), flush=True)
