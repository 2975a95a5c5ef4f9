#include "compare/machine.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <thread>

namespace socktap::bench {
namespace {

// The rest of the file's first line that begins so, without what is around the value.
std::string value_in(const char* file, const std::string& name, const char* around) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(name)) continue;
    const std::size_t from = line.find_first_not_of(around, name.size());
    const std::size_t to = line.find_last_not_of(around);
    if (from != std::string::npos) return line.substr(from, to - from + 1);
  }
  return "unknown";
}

std::string today() {
  const std::time_t now = std::time(nullptr);
  tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  const std::size_t length = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
  return {text, length};
}

}  // namespace

Machine describe_machine(const Tools& tools) {
  utsname kernel{};
  ::uname(&kernel);
  Machine machine;
  machine.date = today();
  machine.processor = value_in("/proc/cpuinfo", "model name", "\t :");
  machine.cpus = std::thread::hardware_concurrency();
  machine.kernel = kernel.release;
  machine.distribution = value_in("/etc/os-release", "PRETTY_NAME", "=\"");
  for (const Tool tool : {Tool::bpftrace, Tool::perf, Tool::strace, Tool::redis, Tool::nginx}) {
    const std::string& version = tools.of(tool).version;
    machine.versions.push_back(version.empty() ? "no " + name_of(tool) : version);
  }
  return machine;
}

Result<void> provide_tracefs() {
  constexpr const char* place = "/sys/kernel/tracing";
  if (std::filesystem::exists("/sys/kernel/tracing/events")) return {};
  if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      mount("tracefs", place, "tracefs", 0, nullptr) != 0)
    return system_failure("cannot mount tracefs", errno, "perf and bpftrace need it; run as root");
  return {};
}

}  // namespace socktap::bench
