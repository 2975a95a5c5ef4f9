"""The C++ library as other projects have it: installed, found by CMake, and used by the examples."""

import os
import pathlib
import re
import shutil
import unittest

from harness import BUILD, Folder, needs, output, run, temporary_folder

SOURCE = pathlib.Path(__file__).parents[2]
PUBLIC = re.compile(r"""(typeinfo\ for\ |typeinfo\ name\ for\ |vtable\ for\ )?
                        socktap::(Session|EventView|Sink|socket_flag_names|message_flag_names|version)\b""",
                    re.VERBOSE)
# Sends 5 bytes and 7 bytes to itself.
TRAFFIC = """
import socket
a, b = socket.socketpair()
a.send(b"12345"); b.recv(99)
server = socket.create_server(("127.0.0.1", 0))
client = socket.create_connection(server.getsockname())
accepted, _ = server.accept()
client.send(b"1234567"); accepted.recv(99)
print(server.getsockname()[1])
"""


class Library(Folder):
    @classmethod
    def setUpClass(cls):
        cls.prefix = temporary_folder(cls.addClassCleanup) / "prefix"
        output(os.environ["CMAKE_COMMAND"], "--install", BUILD, "--prefix", cls.prefix,
               "--component", "library")
        cls.build = temporary_folder(cls.addClassCleanup)
        output(os.environ["CMAKE_COMMAND"], "-S", SOURCE / "examples", "-B", cls.build,
               f"-DCMAKE_PREFIX_PATH={cls.prefix}", "-DCMAKE_BUILD_TYPE=Release",
               "-DCMAKE_CXX_FLAGS=-Wall -Wextra -Wpedantic -Werror")
        output(os.environ["CMAKE_COMMAND"], "--build", cls.build)

    def script(self, text):
        path = self.folder / "mine.stp"
        path.write_text(text)
        return path

    def test_nothing_but_the_public_face_is_installed(self):
        headers = {path.name for path in self.prefix.rglob("*.h")}
        self.assertEqual(headers, {path.name for path in (SOURCE / "include/socktap").iterdir()})
        (library,) = [path for path in self.prefix.rglob("libsocktap.so*")
                      if not path.is_symlink()]
        symbols = [line.split(maxsplit=2)[2]
                   for line in output("nm", "-DC", "--defined-only", library).splitlines()]
        self.assertGreater(len(symbols), 40)
        self.assertEqual([each for each in symbols if not PUBLIC.match(each)], [])

    def test_peers_adds_up_whom_a_command_talks_to(self):
        result = run(self.build / "peers", "python3", "-c", TRAFFIC)
        self.assertEqual(result.returncode, 0, result.stdout)
        port, *lines = result.stdout.splitlines()
        totals = {}
        for line in lines:
            peer, messages, sent, received = re.fullmatch(
                r"(.*?) +(\d+) messages +(\d+) bytes sent +(\d+) received", line).groups()
            totals[peer] = (int(messages), int(sent), int(received))
        self.assertEqual(totals["LOCAL"], (2, 5, 5))
        self.assertEqual(totals[f"127.0.0.1 port {port}"], (1, 7, 0))
        self.assertEqual(sum(each[2] for each in totals.values()), 12)

    def test_peers_says_what_it_takes(self):
        result = run(self.build / "peers")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "peers: no command\nhint: peers COMMAND ARGUMENTS\n")

    def test_script_with_times_has_a_sink_of_its_own(self):
        script = self.script('probe begin { printf("%s", $1 ? @2 : "") println("!") warn("w") exit() }')
        result = run(self.build / "script_with_times", script, "1", "hello")
        self.assertEqual(result.returncode, 0, result.stdout)
        self.assertRegex(result.stdout,
                         r"^\d\d:\d\d:\d\d  hello!\n\d\d:\d\d:\d\d  warning: w\n$")

    def test_script_with_times_shows_mistakes(self):
        result = run(self.build / "script_with_times", self.script("probe socket.sned { }"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("mine.stp:1:7", result.stdout)
        self.assertIn("did you mean `socket.send`?", result.stdout)

    def test_another_version_is_refused(self):
        project = self.folder / "project"
        project.mkdir()
        (project / "CMakeLists.txt").write_text(
            "cmake_minimum_required(VERSION 3.25)\nproject(p LANGUAGES CXX)\n"
            "find_package(socktap 99.0 REQUIRED)\n")
        refused = run(os.environ["CMAKE_COMMAND"], "-S", project, "-B", project / "build",
                      f"-DCMAKE_PREFIX_PATH={self.prefix}")
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("99.0", refused.stdout)

    @needs("pkg-config")
    def test_pkg_config_knows_it(self):
        (description,) = self.prefix.rglob("socktap.pc")
        flags = output("pkg-config", "--cflags", "--libs", "socktap",
                       env={**os.environ, "PKG_CONFIG_PATH": str(description.parent)}).split()
        compiler = next(shutil.which(name) for name in ("c++", "g++", "clang++"))
        program = self.folder / "peers"
        output(compiler, "-std=c++20", SOURCE / "examples/peers.cc", "-o", program, *flags)
        found = run(program, env={**os.environ, "LD_LIBRARY_PATH": str(self.prefix / "lib")})
        self.assertEqual(found.returncode, 1)
        self.assertIn("no command", found.stdout)

    @needs("doxygen")
    def test_the_reference_is_written_without_warnings(self):
        written = run("doxygen", "docs/Doxyfile", cwd=SOURCE,
                      env={**os.environ, "SOCKTAP_REFERENCE": str(self.folder)})
        self.assertEqual((written.returncode, written.stdout), (0, ""))
        self.assertTrue((self.folder / "html/classsocktap_1_1Session.html").is_file())


if __name__ == "__main__":
    unittest.main()
