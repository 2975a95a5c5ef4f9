// The conformance workload: makes every operation that the contract speaks of, on sockets of its
// own over loopback, and writes what it did. See steps.h for what, truth.h for the lines.

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "steps.h"

namespace {

using namespace socktap::workload;

bool matches(const std::string& name, const std::vector<std::string>& wanted) {
  if (wanted.empty()) return true;
  for (const std::string& prefix : wanted) {
    if (name == prefix || name.compare(0, prefix.size() + 1, prefix + '/') == 0) return true;
  }
  return false;
}

// Of AIO; those of io_uring find none.
bool is_beside_calls(const std::string& name) {
  return name.find("/aio_") != std::string::npos || name.starts_with("deferred/");
}

int run(const std::string& truth, const std::vector<std::string>& only, bool calls_only) {
  const int fd = open(truth.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) {
    std::perror(truth.c_str());
    return 2;
  }
  Recorder recorder(fd);
  Workbench bench(recorder, /*with_uring=*/!calls_only);
  bool any = false;
  for (const Step& step : all_steps()) {
    if (!matches(step.name, only) || (calls_only && is_beside_calls(step.name))) continue;
    any = true;
    recorder.start_step(step.name);
    step.run(bench);
  }
  if (!any) std::fprintf(stderr, "workload: no such step; --list names them\n");
  return any ? 0 : 2;
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app{"Drives every socket operation and writes what it did"};
  std::string truth = "/dev/stdout";
  std::vector<std::string> only;
  bool calls_only = false;
  bool list = false;
  bool exit_at_once = false;
  app.add_option("--truth", truth, "file to write to, a line for each event promised");
  app.add_option("--only", only, "run these steps only; a prefix up to a slash names several");
  app.add_flag("--calls-only", calls_only,
               "leave out what does not go through calls of its own: io_uring and AIO");
  app.add_flag("--list", list, "name the steps");
  app.add_flag("--exit-at-once", exit_at_once, "do nothing: what execve steps execute");
  CLI11_PARSE(app, argc, argv);
  if (exit_at_once) return 0;
  if (list) {
    for (const Step& step : all_steps()) std::puts(step.name.c_str());
    return 0;
  }
  signal(SIGPIPE, SIG_IGN);
  return run(truth, only, calls_only);
} catch (const std::exception& error) {
  std::fprintf(stderr, "workload: %s\n", error.what());
  return 1;
}
