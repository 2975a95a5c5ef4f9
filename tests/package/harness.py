"""What the tests of this folder share."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["SOCKTAP_BUILD"])


def run(*words, **options):
    """Its result, whatever the exit status."""
    return subprocess.run([str(word) for word in words], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=120, **options)


def output(*words, **options):
    """What it printed; an error if it failed."""
    result = run(*words, **options)
    if result.returncode != 0:
        raise AssertionError(f"{words} ended with {result.returncode}:\n{result.stdout}")
    return result.stdout


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"there is no {program}")


def needs_root(test):
    return unittest.skipUnless(os.geteuid() == 0, "chroot(2) takes root")(test)


def temporary_folder(case):
    holder = tempfile.TemporaryDirectory(prefix="socktap-package-")
    case(holder.cleanup)
    return pathlib.Path(holder.name)


class Folder(unittest.TestCase):
    """Each test has a folder of its own."""

    def setUp(self):
        self.folder = temporary_folder(self.addCleanup)
