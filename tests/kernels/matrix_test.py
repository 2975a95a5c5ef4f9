"""The judgement of tests/kernels/matrix, on what a guest might have said."""

import copy
import importlib.machinery
import importlib.util
import json
import sys
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("matrix", str(Path(__file__).parent / "matrix"))
spec = importlib.util.spec_from_loader("matrix", loader)
matrix = importlib.util.module_from_spec(spec)
loader.exec_module(matrix)

SCRIPTS = {
    "one_liner": "workload(7) socket.send 101 bytes INET/TCP",
    "socktop": "    520 workload        TCP      INET              1        101          1        101",
    "filtered": "socket.send 101 in 4026531840\nsocktap: 1 event seen, 60 left out by conditions, 0 filtered, 0 lost; 1 handler run",
    "trace": "16:01:10.752117 workload            530 sendmsg           101  9.75us INET     STREAM    TCP      127.0.0.1:40000 -> 127.0.0.1:80",
}

LACKING = {
    "kept": "workload socket.send 1 101\nworkload socket.close 2\naged 1\n"
            "socktap: 3 events seen, 3 of them handled in the kernel alone, 0 filtered, 0 lost; 1 handler run\n"
            "Array overflow, check size limit (1)",
    "two_capabilities": "socket.send by workload\nsocket.close by workload",
    "foreign_types": "ERROR: cannot read /sys/kernel/btf/vmlinux: no data\n"
                     "hint: a kernel with CONFIG_DEBUG_INFO_BTF; or --btf FILE with its types\n"
                     "socket.create.return by workload\nsocket.aio_write by workload\n"
                     "socket.aio_write.return by workload\nsocket.close by workload\n",
    "little_memory": "hint: more memory that may be locked (RLIMIT_MEMLOCK, here 64 KiB)",
}


def path(operation, phase, verdict=matrix.EXACT, name="", refusals=()):
    return {"operation": operation, "phase": phase, "path": name, "verdict": verdict,
            "strategy": "hooks", "refusals": list(refusals)}


def guest_output(doctor, tests, overload="seen=1500 lost=500 sends=1000 receives=1000", printed=None,
                 source="ebpf"):
    report = {"kernel": doctor["kernel"],
              source: {key: value for key, value in doctor.items() if key != "kernel"}}
    parts = {"boot": "3.10 1.00", "doctor": json.dumps(report),
             "conformance": json.dumps({"testsuites": [{"testsuite": tests}]}),
             "overload": overload, **SCRIPTS, **LACKING, **(printed or {})}
    return "noise\n" + "".join(
        f"@@check {name}\n{text}\n\n@@end 0 1.5\n" for name, text in parts.items())


def test_named(name, **rest):
    return {"name": name, "result": "COMPLETED", "fulfilled": "20", **rest}


class WhatAGuestSaid(unittest.TestCase):
    def setUp(self):
        self.doctor = {"kernel": "6.1.0", "refusal": "", "remedy": "",
                       "paths": [path(op, phase) for op, phase, _ in matrix.OPERATIONS]}
        self.tests = [test_named(name) for _, _, name in matrix.OPERATIONS]
        self.tests += [test_named(name) for name in matrix.WHOLE]

    def result(self, backend="auto", series="6.12", **changes):
        source = "ptrace" if backend == "ptrace" else "ebpf"
        output = guest_output(self.doctor, self.tests, source=source, **changes)
        return matrix.result_of(series, backend, ["linux-image", series], matrix.checks_of(output))

    def problems(self, backend="auto", series="6.12", **changes):
        return matrix.problems_of(self.result(backend, series, **changes))

    def named(self, name):
        return next(test for test in self.tests if test["name"] == name)

    def fail_test(self, name):
        self.named(name)["failures"] = [{"failure": "differs"}]
        self.named(name)["differences.missing"] = "3"


class Judgement(WhatAGuestSaid):
    def test_all_is_well(self):
        self.assertEqual(self.problems(), [])

    def test_doctor_claims_more_than_the_workload_saw(self):
        self.fail_test("SendsConclude")
        self.assertEqual(self.problems("fentry"), [
            "send (conclusion): doctor says seen exactly once, the workload: 3 missing"])

    def test_ptrace_shows_what_system_calls_do_whatever_doctor_calls_it(self):
        for shown in self.doctor["paths"]:
            if shown["operation"] in ("send", "receive"):
                shown["verdict"] = "blind"  # to io_uring
        self.assertNotIn("filtered", matrix.printed_by(self.result("ptrace")))
        nothing_lost = "seen=2000 lost=0 sends=1000 receives=1000"
        self.assertEqual(self.problems("ptrace", overload=nothing_lost), [])
        self.assertIn("overload: who is traced by ptrace waits, and yet something was lost",
                      self.problems("ptrace"))
        self.fail_test("SendsConclude")
        self.assertIn("send (conclusion): the workload's system calls: 3 missing",
                      self.problems("ptrace", overload=nothing_lost))

    def test_doctor_says_that_it_is_blind(self):
        self.doctor["paths"][1]["verdict"] = "blind"
        self.fail_test("SendsConclude")
        self.assertEqual(self.problems("syscall"), [])
        self.assertEqual(self.problems("fentry"), ["send (conclusion) by fentry: blind"])
        self.assertEqual(self.problems("tracepoint", "6.1"), [])
        self.assertEqual(self.problems("auto"), ["send (conclusion): not seen exactly once"])

    def test_one_of_an_operations_paths_is_blind(self):
        self.doctor["paths"].append(path("send", "conclusion", "blind", "writev"))
        self.assertEqual(self.problems("auto"), ["send (conclusion): not seen exactly once"])

    def test_conformance_did_not_run(self):
        self.tests = []
        self.assertIn("create (begin): doctor says seen exactly once, the workload: no result",
                      self.problems("fentry"))

    def test_conformance_compared_nothing(self):
        self.tests[0]["fulfilled"] = "0"
        self.assertEqual(self.problems("fentry"), [
            "send (begin): doctor says seen exactly once, the workload: no result"])

    def test_conformance_was_skipped(self):
        self.tests[0]["result"] = "SKIPPED"
        self.assertEqual(len(self.problems("fentry")), 1)

    def test_the_workload_failed(self):
        self.fail_test("WorkloadDidAllItsSteps")
        self.assertEqual(self.problems(), ["conformance: WorkloadDidAllItsSteps did not pass"])

    def test_what_it_takes_is_tried_where_it_is_lacking(self):
        self.assertEqual(self.problems("auto", "5.10"), [])
        for name in LACKING:
            changed = {"printed": {name: "ERROR: it is broken"}}
            self.assertEqual(self.problems("auto", "5.10", **changed), [
                f"{name}: did not print what it should: ERROR: it is broken\n\n"])
            self.assertEqual(self.problems("kprobe", "5.10", **changed), [], "tried with auto only")
        self.assertEqual(self.problems("auto", "6.12", printed={"little_memory": ""}), [])

    def test_preempted_programs_may_lose_what_they_count(self):
        self.fail_test("SendsConclude")
        self.fail_test("NothingIsLost")
        more = {"overload": "seen=1500 lost=510 sends=1000 receives=1000"}
        self.assertEqual(len(self.problems("fentry", **more)), 3)
        limit = "where a task is preempted inside a program, others pass it by (%s)"
        self.doctor["limits"] = [limit % "other-hooks"]
        self.doctor["paths"][1]["strategy"] = "function-hooks"
        self.assertIn("send (conclusion): doctor says seen exactly once, the workload: 3 missing",
                      self.problems("fentry", **more))
        self.doctor["limits"] = [limit % "function-hooks, other-hooks"]
        self.assertEqual(self.problems("fentry", **more),
                         ["conformance: 3 missing, but 0 counted as lost"])
        self.named("NothingIsLost")["lost"] = "3"
        self.assertEqual(self.problems("fentry", **more), [])
        self.doctor["paths"].append(path("send", "begin", "blind", "writev"))
        self.named("SendsBegin")["differences.missing"] = "90"
        self.assertEqual(self.problems("syscall", **more), [], "it does not say that it sees those")
        self.doctor["paths"].pop()
        del self.named("SendsBegin")["differences.missing"]
        self.assertEqual(len(self.problems("auto", **more)), 3, "that one must be exact")
        self.assertIn("3 lost, 20 agree",
                      matrix.cell(self.result("fentry"), "send", "conclusion"))
        fewer = {"overload": "seen=1500 lost=490 sends=1000 receives=1000"}
        self.assertEqual(len(self.problems("fentry", **fewer)), 1)
        self.named("SendsConclude")["differences.repeated"] = "1"
        self.assertEqual(len(self.problems("fentry", **more)), 1)

    def test_where_nothing_is_shown_nothing_conforms(self):
        for name in matrix.WHOLE:
            self.fail_test(name)
        for shown in self.doctor["paths"]:
            shown["verdict"] = "blind"
        self.assertEqual(self.problems("tracepoint", "5.10"), [])
        self.assertEqual(len(self.problems("auto", "5.10")), len(matrix.OPERATIONS))

    def test_overload_does_not_add_up(self):
        problems = self.problems(overload="seen=1500 lost=499 sends=1000 receives=1000")
        self.assertEqual(problems, [
            "overload: 1500 seen and 499 lost are not the 2000 that were made: "
            "seen=1500 lost=499 sends=1000 receives=1000"])

    def test_overload_that_was_none(self):
        self.assertEqual(len(self.problems(overload="seen=2000 lost=0 sends=1000 receives=1000")), 1)
        self.assertEqual(len(self.problems(overload="")), 1)

    def test_script_prints_something_else(self):
        result = self.result()
        result["checks"]["trace"]["printed"] = False
        self.assertEqual(len(matrix.problems_of(result)), 1)

    def test_refused(self):
        self.doctor.update(refusal="no BTF", paths=[])
        self.tests = []
        self.assertEqual(self.problems("tracepoint", "5.10"), [])
        for backend in ("auto", "fentry"):
            self.assertEqual(self.problems(backend), ["nothing can be observed: no BTF"])

    def test_guest_said_nothing(self):
        result = matrix.result_of("6.12", "auto", ["linux-image", "6.12"], {})
        self.assertEqual(matrix.problems_of(result), ["doctor printed no report"])

    def test_counts_are_those_of_the_workload(self):
        result = self.result()
        result["series"] = "6.1"
        self.assertEqual(len(matrix.problems_of(result)), len(matrix.SYSTEMTAP))
        for _, step, counted, _ in matrix.SYSTEMTAP:
            result["counts"].setdefault(step, {}).update({counted: 1, "made_" + counted: 1})
        self.assertEqual(matrix.problems_of(result), [])
        seen_twice = copy.deepcopy(result)
        seen_twice["counts"]["tcp4/receive/read"]["receives"] = 2
        self.assertEqual(matrix.problems_of(seen_twice), ["read(2): counted 2, made 1"])


class Cells(WhatAGuestSaid):
    def cell(self, result):
        return matrix.cell(result, "send", "conclusion")

    def test_cells_are_doctors_words(self):
        self.assertEqual(self.cell(self.result()), "seen exactly once, 20 agree")
        self.doctor["paths"].append(path("send", "conclusion", "counted twice", "writev"))
        self.doctor["paths"][1]["path"] = "sendmsg"
        self.assertEqual(self.cell(self.result()),
                         "sendmsg seen exactly once; writev counted twice, 20 agree")

    def test_cell_of_differences(self):
        self.fail_test("SendsConclude")
        self.assertEqual(self.cell(self.result()), "seen exactly once, **3 missing**, 20 agree")

    def test_cell_of_a_refusal(self):
        self.doctor.update(refusal="no BTF", paths=[])
        self.assertEqual(self.cell(self.result()), "refused")

    def test_scripts_are_not_blamed_where_messages_are_not_seen(self):
        self.assertEqual(matrix.scripts_cell(self.result()), "all")
        self.doctor["paths"][1]["verdict"] = "blind"
        self.assertEqual(matrix.scripts_cell(self.result("fentry")), "-")


class Remarks(WhatAGuestSaid):
    def test_a_remark_is_made_once_for_all_backends_that_it_holds_for(self):
        refusal = {"strategy": "typed", "reason": "too old", "remedy": "Linux 6.3"}
        asked = {"strategy": "hooks", "reason": "disabled by request", "remedy": ""}
        other = {"strategy": "probes", "reason": "another backend is asked for", "remedy": ""}
        self.doctor["paths"] = [path("send", "begin", refusals=[refusal, asked, other])] * 2
        results = {backend: self.result(backend) for backend in ("auto", "fentry")}
        for result in results.values():
            result["problems"] = ["send (begin): in its cell", "overload: lies\nmore"]
        self.assertEqual(matrix.remarks_on(results), [
            "- auto, fentry: not by typed: too old (Linux 6.3)",
            "- auto, fentry: **wrong**: overload: lies"])


if __name__ == "__main__":
    unittest.main()
