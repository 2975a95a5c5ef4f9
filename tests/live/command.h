// A program under test: started, signalled, waited for; what it printed.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace socktap::test {

struct Outcome {
  int status = -1;  // exit status, 128 + signal if killed by one, -1 if it did not end in time
  std::string output;
  std::string errors;
  long peak_memory_kb = 0;  // its largest resident set
};

class Command {
 public:
  // Standard output and error go to files, or the former to a pipe or socket (see read_line).
  enum class Output { to_file, to_pipe, to_socket };
  explicit Command(const std::vector<std::string>& words, Output output = Output::to_file);
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;
  ~Command();  // kills what still runs, its children too

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  // Waits until `text` is in what was printed so far. False when the program ended without it, or
  // the time is over.
  bool printed(const std::string& text, std::chrono::milliseconds within) const;

  // Of a pipe or socket: one line of output; all that comes until the program ends; how many bytes
  // wait to be read; that the reader is gone.
  std::string read_line();
  void read_to_end(const std::function<void(std::string_view)>& take);
  int waiting_bytes() const;
  void close_pipe() { pipe_.reset(); }

  Outcome wait(std::chrono::milliseconds within = std::chrono::seconds(60));

 private:
  pid_t pid_ = -1;    // until it was waited for
  pid_t group_ = -1;  // of it and its children
  UniqueFd pipe_;
  std::string output_file_;
  std::string error_file_;
};

// Runs to the end.
Outcome run(const std::vector<std::string>& words);

// `socktap run` with these arguments, with -q.
std::vector<std::string> socktap_run(std::vector<std::string> arguments);

// The words by which the program observes are given the environment's SOCKTAP_TEST_BACKEND, if they
// name none themselves.
std::vector<std::string> by_backend(std::vector<std::string> words);

// Why nothing can be observed here (socktap's exit status 3); empty if it can.
std::string refusal();
// Why eBPF observes nothing: that of the kernel, or that another backend is tested.
std::string refusal_of_ebpf();

std::vector<std::string> lines_of(const std::string& text);

// Gone when the object is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& name);
  ~TemporaryFile();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// The same for a folder and what is in it.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& name);
  ~TemporaryFolder();
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace socktap::test
