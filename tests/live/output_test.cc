// What machines read, read by the tools that read it: jq, Python's csv, a validator of JSON
// schemas, sqlite3.

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "command.h"

namespace socktap::test {
namespace {

std::string first_of(const std::vector<std::string>& paths) {
  for (const std::string& path : paths)
    if (::access(path.c_str(), X_OK) == 0) return path;
  return "";
}

class Outputs : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = refusal(); !why.empty()) GTEST_SKIP() << why;
  }

  // What `trace` writes of a part of the workload, in a file.
  void trace(const std::string& format, std::vector<std::string> options = {}) {
    std::vector<std::string> words{SOCKTAP_BINARY, "trace", "-q", "-f", format, "-o", file_.path()};
    words.insert(words.end(), options.begin(), options.end());
    for (const char* word : {"--", SOCKTAP_WORKLOAD, "--truth", "/dev/null", "--only", "tcp4"})
      words.emplace_back(word);
    const Outcome traced = run(by_backend(words));
    ASSERT_EQ(traced.status, 0) << traced.errors;
  }

  // A recording of the same; why not, if there is none.
  std::string record(const std::string& path) const {
    const Outcome recorded =
        run(by_backend({SOCKTAP_BINARY, "record", "-q", "-o", path, "--", SOCKTAP_WORKLOAD,
                        "--truth", "/dev/null", "--only", "tcp4"}));
    return recorded.status == 0 ? "" : recorded.errors;
  }

  // The system's own, which has the system's libraries.
  Outcome python(const std::string& program) const {
    const std::string python = first_of({"/usr/bin/python3"});
    return python.empty() ? Outcome{.errors = "no /usr/bin/python3"}
                          : run({python, "-c", program, file_.path()});
  }

  TemporaryFile file_{"output"};
};

TEST_F(Outputs, JsonIsReadByJq) {
  const std::string jq = first_of({"/usr/bin/jq", "/usr/local/bin/jq"});
  if (jq.empty()) GTEST_SKIP() << "jq is not installed";
  trace("json");
  const Outcome counted = run({jq, "-s", "-c",
                               R"([.[] | select(.type == "event").data
               | select(."network.io.direction" == "transmit")]
              | [length, (map(.size) | add), (map(."network.peer.address") | unique),
                 (map(."process.executable.name") | unique)])",
                               file_.path()});
  EXPECT_EQ(counted.status, 0) << counted.errors;
  EXPECT_EQ(counted.output, "[30,3465,[\"127.0.0.1\"],[\"workload\"]]\n");
}

TEST_F(Outputs, JsonIsAsItsSchemaSays) {
  if (python("import jsonschema").status != 0)
    GTEST_SKIP() << "Python has no jsonschema (python3-jsonschema)";
  trace("json", {"-v"});
  const Outcome checked = python(std::string(R"(
import json, sys, jsonschema
schema = json.load(open(")") + SOCKTAP_DOCS +
                                 R"(/output.schema.json"))
jsonschema.Draft7Validator.check_schema(schema)
validator = jsonschema.Draft7Validator(schema)
lines = [json.loads(line) for line in open(sys.argv[1])]
for line in lines:
    validator.validate(line)
wrong = dict(lines[1], data=dict(lines[1]["data"], colour="red"))
print(sorted({line["type"] for line in lines}), validator.is_valid(wrong))
)");
  EXPECT_EQ(checked.status, 0) << checked.errors;
  EXPECT_EQ(checked.output, "['attached_probes', 'event', 'lost_events'] False\n");
}

// What each command writes with -f json and -f csv: [arguments, types of records].
struct OfCommand {
  std::vector<std::string> words;
  std::string types;
};
std::vector<OfCommand> of_commands(const std::string& recording) {
  const std::string script =
      "global n, t[10]\n"
      "probe socket.send { n[pid()] <<< size } probe socket.create { t[tid()] = 1 }\n"
      "probe socket.close { if (family == 2) println(name) } probe end { println(@sum(n[1])) }";
  std::vector<OfCommand> all = {
      {{"list", "-l", "socket.*"}, "probe_point"},
      {{"list", "-L", "netdev.*, begin"}, "probe_point"},
      {{"list"}, "probe_point variable"},
      {{"list", "--functions"}, "function"},
      {{"explain", "-e", script}, "handler"},
      {{"doctor"}, "host path source"},
      {{"summary", "-q", "--from", recording}, "summary"},
      {{"record", "-q", "-o", recording + ".2", "-T", "0.1"}, "recording"}};
  for (const char* view : {"process", "socket", "peer", "family", "cgroup"})
    all.push_back({{"top", "--from", recording, "--by", view}, "top"});
  return all;
}

TEST_F(Outputs, OfEveryCommandAreAsTheirSchemaSays) {
  if (python("import jsonschema").status != 0)
    GTEST_SKIP() << "Python has no jsonschema (python3-jsonschema)";
  const TemporaryFile recording("recording");
  ASSERT_EQ(record(recording.path()), "");
  for (OfCommand& command : of_commands(recording.path())) {
    const std::string name = command.words.front() + " " + command.words.back();
    command.words.insert(command.words.begin(), SOCKTAP_BINARY);
    command.words.insert(command.words.end(), {"-f", "json"});
    const Outcome written = run(by_backend(command.words));
    EXPECT_EQ(written.status, 0) << name << written.errors;
    std::ofstream(file_.path()) << written.output;
    const Outcome checked = python(std::string(R"(
import json, sys, jsonschema
validator = jsonschema.Draft7Validator(json.load(open(")") +
                                   SOCKTAP_DOCS +
                                   R"(/output.schema.json")))
lines = [json.loads(line) for line in open(sys.argv[1])]
for line in lines:
    for error in validator.iter_errors(line):
        print(line["type"], error.message[:300])
print(" ".join(sorted({line["type"] for line in lines} - {"lost_events"})))
)");
    EXPECT_EQ(checked.output, command.types + "\n") << name << checked.errors;
  }
  ::unlink((recording.path() + ".2").c_str());
}

TEST_F(Outputs, OfEveryCommandAreCsv) {
  if (python("import csv").status != 0) GTEST_SKIP() << "there is no /usr/bin/python3";
  const TemporaryFile recording("recording");
  ASSERT_EQ(record(recording.path()), "");
  for (OfCommand& command : of_commands(recording.path())) {
    if (command.words.front() == "summary") continue;  // its rows are counts: section, name ...
    const std::string name = command.words.front() + " " + command.words.back();
    command.words.insert(command.words.begin(), SOCKTAP_BINARY);
    command.words.insert(command.words.end(), {"-f", "csv"});
    const Outcome written = run(by_backend(command.words));
    EXPECT_EQ(written.status, 0) << name << written.errors;
    std::ofstream(file_.path()) << written.output;
    const Outcome read = python(R"(
import csv, sys
with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
print(len(rows) > 0, {None in row or None in row.values() for row in rows})
print(" ".join(sorted({row["record"] for row in rows} - {"lost_events"})))
)");
    const std::string types =
        command.types == "host path source" ? "path source" : command.types;  // as documented
    EXPECT_EQ(read.output, "True {False}\n" + types + "\n") << name << read.errors;
  }
  ::unlink((recording.path() + ".2").c_str());
}

TEST_F(Outputs, TablesOfTopAddUp) {
  const TemporaryFile recording("recording");
  ASSERT_EQ(record(recording.path()), "");
  if (python("import json").status != 0) GTEST_SKIP() << "there is no /usr/bin/python3";
  const Outcome written = run({SOCKTAP_BINARY, "top", "--from", recording.path(), "-f", "json"});
  ASSERT_EQ(written.status, 0) << written.errors;
  std::ofstream(file_.path()) << written.output;
  const Outcome read = python(R"(
import json, sys
rows = [json.loads(line)["data"] for line in open(sys.argv[1])]
print(sum(row["sent.messages"] for row in rows), sum(row["sent.bytes"] for row in rows),
      {row["process.executable.name"] for row in rows}, {row["time"][:2] for row in rows})
)");
  EXPECT_EQ(read.output, "30 3465 {'workload'} {'20'}\n") << read.errors;
}

TEST_F(Outputs, CsvIsReadByPython) {
  if (python("import csv").status != 0) GTEST_SKIP() << "there is no /usr/bin/python3";
  trace("csv");
  const Outcome read = python(R"(
import csv, sys
with open(sys.argv[1], newline="") as file:
    rows = list(csv.DictReader(file, strict=True))
sent = [row for row in rows if row["network.io.direction"] == "transmit"]
print(len(sent), sum(int(row["size"]) for row in sent), {row["record"] for row in sent},
      {None in row or None in row.values() for row in rows})
)");
  EXPECT_EQ(read.status, 0) << read.errors;
  EXPECT_EQ(read.output, "30 3465 {'event'} {False}\n");
}

TEST_F(Outputs, TimelinesAreJson) {
  if (python("import json").status != 0) GTEST_SKIP() << "there is no /usr/bin/python3";
  const TemporaryFile timeline("timeline");
  trace("text", {"--chrome-trace", timeline.path()});
  const Outcome read = run({"/usr/bin/python3", "-c", R"(
import json, sys
events = json.load(open(sys.argv[1]))
sent = [e for e in events if e.get("cat") == "send"]
slices = [e for e in sent if e["ph"] == "X"]
print(len(sent), {e["ph"] for e in sent} - {"X", "i"}, len(slices) > 20,
      all(e["dur"] > 0 and e["args"]["size"] > 0 for e in slices))
)",
                            timeline.path()});
  EXPECT_EQ(read.status, 0) << read.errors;
  EXPECT_EQ(read.output, "30 set() True True\n");
}

TEST_F(Outputs, RecordingsAreReadBySqlite) {
  const std::string sqlite = first_of({"/usr/bin/sqlite3"});
  if (sqlite.empty()) GTEST_SKIP() << "sqlite3 is not installed";
  const std::string recording = file_.path() + ".db";
  const Outcome recorded =
      run(by_backend({SOCKTAP_BINARY, "record", "-q", "-o", recording, "--", SOCKTAP_WORKLOAD,
                      "--truth", "/dev/null", "--only", "tcp4"}));
  ASSERT_EQ(recorded.status, 0) << recorded.errors;
  const Outcome read =
      run({sqlite, recording,
           "select comm, family, protocol, type, count(*), sum(size) from named where operation = "
           "'send' and phase = 'conclusion' and success group by 1, 2, 3, 4; pragma "
           "integrity_check; select count(*) from named where time not glob '20*T*Z'"});
  ::unlink(recording.c_str());
  EXPECT_EQ(read.status, 0) << read.errors;
  EXPECT_EQ(read.output, "workload|INET|TCP|STREAM|30|3465\nok\n0\n");
}

TEST_F(Outputs, SummariesAreOneObject) {
  const std::string jq = first_of({"/usr/bin/jq", "/usr/local/bin/jq"});
  if (jq.empty()) GTEST_SKIP() << "jq is not installed";
  const TemporaryFile picture("picture");
  const Outcome summed = run(by_backend(
      {SOCKTAP_BINARY, "summary", "-q", "-f", "json", "-o", file_.path(), "--svg", picture.path(),
       "--", SOCKTAP_WORKLOAD, "--truth", "/dev/null", "--only", "tcp4"}));
  ASSERT_EQ(summed.status, 0) << summed.errors;
  const Outcome read = run({jq, "-c",
                            "[.type, .data.total.\"sent.messages\", .data.by_protocol.\"INET/TCP\"."
                            "\"sent.bytes\", (.data.sent_sizes | map(.count) | add)]",
                            file_.path()});
  EXPECT_EQ(read.output, "[\"summary\",30,3465,30]\n") << read.errors;
  const Outcome drawn = run({"/usr/bin/python3", "-c",
                             "import sys, xml.dom.minidom as d\nprint(d.parse(sys.argv[1])."
                             "documentElement.tagName)",
                             picture.path()});
  EXPECT_EQ(drawn.output, "svg\n") << drawn.errors;
}

}  // namespace
}  // namespace socktap::test
