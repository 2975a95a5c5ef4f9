"""The man pages as groff reads them, and what three shells propose by the completions."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["SOCKTAP_BUILD"])
FILES = BUILD / "manual"
HERE = pathlib.Path(__file__).parent
PATH = {**os.environ, "PATH": f"{BUILD}:{os.environ['PATH']}"}


def output(*words):
    result = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, timeout=60, env=PATH, check=True)
    if result.stderr:
        raise AssertionError(f"{words} said:\n{result.stderr}")
    return result.stdout


def needs(program):
    return unittest.skipUnless(shutil.which(program), f"there is no {program}")


@needs("groff")
class Pages(unittest.TestCase):
    def test_groff_has_nothing_to_warn_of(self):
        for page in ("socktap.1", "socktap-scripts.5", "socktap-probes.5"):
            text = output("groff", "-man", "-ww", "-Tascii", "-P-cbu", FILES / page)
            self.assertIn("\nSEE ALSO\n", text)

    def test_an_example_is_shown_as_it_is_written(self):
        text = output("groff", "-man", "-ww", "-Tutf8", "-P-cbu", FILES / "socktap-scripts.5")
        self.assertIn(r'if (host =~ "^www\\.(.*)$") println("without www: " . matched(1))', text)
        self.assertIn(r'foreach (name in bytes- limit 5) printf("%-16s %d\n", name, bytes[name])',
                      text)


class Proposals:
    """What each shell proposes; `proposals(line)` is the shell's, a list of words."""

    def check(self, line, *some):
        found = self.proposals(line)
        self.assertLessEqual(set(some), set(found), f"{line}: {found}")
        return found

    def only(self, line, *all_of_them):
        self.assertEqual(sorted(set(self.proposals(line))), sorted(all_of_them), line)

    def test_commands_and_options(self):
        self.check("socktap ", "run", "trace", "list", "explain", "doctor")
        self.only("socktap doct", "doctor")
        self.only("socktap trace --fo", "--format")
        self.only("socktap run --place", "--placement")
        self.only("socktap --place", "--placement")  # of run, which is meant

    def test_values(self):
        self.only("socktap trace -f ", "text", "json", "csv")
        self.only("socktap explain --dump t", "tokens", "types")
        self.check("socktap trace --error EAG", "EAGAIN")
        self.check("socktap trace --uid roo", "root")
        self.check("socktap list -L socket.se", "socket.send", "socket.sendmsg.return")
        self.only("socktap run -D MAXS", "MAXSTRINGLEN=")

    def test_lists(self):
        self.assertTrue(any(each.endswith("INET6") for each in
                            self.proposals("socktap trace --family LOCAL,INET")))

    def test_a_file_and_a_command(self):
        with tempfile.NamedTemporaryFile(prefix="socktap-script-", suffix=".stp") as script:
            found = self.proposals(f"socktap run {script.name[:-6]}")
            name = pathlib.Path(script.name).name
            self.assertTrue(any(each.endswith(name) for each in found), found)
        self.check("socktap trace -- sock", "socktap")


@needs("bash")
class Bash(Proposals, unittest.TestCase):
    def proposals(self, line):
        words = line.split(" ")
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  '_socktap socktap; printf "%s\\n" "${COMPREPLY[@]}"')
        return output("bash", "--norc", "-c", script, "bash", FILES / "socktap", *words).split()

    def test_values_after_an_equals_sign(self):
        # readline cuts the line there.
        self.assertEqual(self.proposals("socktap trace --format = js"), ["json"])
        self.assertEqual(self.proposals("socktap trace --color ="),
                         ["auto", "always", "never"])


@needs("zsh")
class Zsh(Proposals, unittest.TestCase):
    def proposals(self, line):
        with tempfile.TemporaryDirectory(prefix="socktap-zsh-") as folder:
            return output("zsh", "-f", HERE / "zsh_proposals", FILES, folder, line).splitlines()


@needs("fish")
class Fish(Proposals, unittest.TestCase):
    def proposals(self, line):
        lines = output("fish", "--no-config", "-c", 'source $argv[1]; complete -C $argv[2]',
                       FILES / "socktap.fish", line)
        return [each.split("\t")[0] for each in lines.splitlines()]


if __name__ == "__main__":
    unittest.main()
