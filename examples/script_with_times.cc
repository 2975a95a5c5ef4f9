// Runs a script, and puts the time before each line that it prints: a sink of one's own.
//
//   script_with_times scripts/errors.stp

#include <socktap/socktap.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

namespace {

using Text = std::string_view;

class TimedLines : public socktap::Sink {
 public:
  socktap::Result<void> output(Text text) override {
    pending_ += text;
    for (std::size_t end; (end = pending_.find('\n')) != std::string::npos;
         pending_.erase(0, end + 1))
      if (!print(Text(pending_).substr(0, end))) return refusal();
    return {};
  }

  // A script's own error() and the run's warnings, in the same stream.
  socktap::Result<void> error(Text text) override {
    return output("error: " + std::string(text) + "\n");
  }
  socktap::Result<void> warning(Text text) override {
    return output("warning: " + std::string(text) + "\n");
  }
  socktap::Result<void> lost(socktap::Loss kind, std::uint64_t count) override {
    return output("lost: " + std::to_string(count) + ", " + std::string(name_of(kind)) + "\n");
  }

  socktap::Result<void> flush() override {
    if (std::fflush(stdout) != 0) return refusal();
    return {};
  }

 private:
  static bool print(Text line) {
    const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    char clock[sizeof "00:00:00"];
    std::strftime(clock, sizeof clock, "%T", std::localtime(&now));
    return std::printf("%s  %.*s\n", clock, static_cast<int>(line.size()), line.data()) >= 0;
  }
  static tl::unexpected<socktap::Error> refusal() {
    return tl::unexpected(socktap::Error{"cannot write the output", "", 0});
  }

  std::string pending_;  // a line that has no end yet
};

int fail(const socktap::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  if (!error.hint.empty()) std::fprintf(stderr, "hint: %s\n", error.hint.c_str());
  return 1;
}

socktap::Session* running = nullptr;

}  // namespace

int main(int count, char** words) {
  if (count < 2) return fail({"no script", "script_with_times FILE ARGUMENTS", 0});
  std::ifstream file(words[1]);
  std::ostringstream text;
  if (!(text << file.rdbuf())) return fail({"cannot read " + std::string(words[1]), "", 0});

  socktap::Session session({.arguments = {words + 2, words + count}});
  TimedLines lines;
  session.write_to(lines);
  if (auto added = session.add_script(text.str(), words[1]); !added) return fail(added.error());
  for (const std::string& warning : session.warnings())
    std::fprintf(stderr, "%s\n", warning.c_str());

  running = &session;
  std::signal(SIGINT, [](int) { running->stop(); });
  const auto summary = session.run();
  if (!summary) return fail(summary.error());
  return summary->ending == socktap::Ending::script_failed ? 1 : 0;
}
