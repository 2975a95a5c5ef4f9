// How every subcommand describes and reads its arguments.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace socktap::cli {

// What a subcommand takes. A command derives from it: the members that it adds are its options, and
// its constructor tells `app` of them. Help, the man page and completions show what stands there.
//
// The type name of an option says what its value is: the words that there are, joined by |, or a
// name such as FILE, of which src/manual/value_kinds.cc knows what completes it.
struct CommandLine {
  CommandLine(std::string_view name, std::string description);
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;
  virtual ~CommandLine() = default;

  CLI::App app;
  bool takes_command = false;  // what follows -- is a command to run
};

// What help calls the value of an option; empty if it takes none.
std::string value_name(const CLI::Option& option);

// "text|json|csv": the type name of an option that takes one of these words.
template <typename Words>
std::string one_of(const Words& words) {
  return fmt::format("{}", fmt::join(words, "|"));
}

// Has the option take these words, each for its value.
template <typename T>
using NamedValues = std::vector<std::pair<std::string, T>>;
template <typename T>
CLI::Option* take_one_of(CLI::Option* option, const NamedValues<T>& words) {
  std::vector<std::string> names;
  for (const auto& [name, value] : words) names.push_back(name);
  return option->type_name(one_of(names))
      ->transform(CLI::CheckedTransformer(words).description(""))
      ->transform(CLI::IsMember(names).description(""));  // comes first, and says what is wrong
}

// The exit status when there is nothing left to do: help was printed, or the mistake.
std::optional<int> parse_arguments(CLI::App& app, std::vector<std::string> arguments);

// Takes away what follows "--": a command, which is not ours to parse.
std::vector<std::string> take_command(std::vector<std::string>& arguments);

// Says what is wrong with them.
int refuse_arguments(const CLI::App& app, const std::string& mistake);

// What an argument must be.
CLI::Validator number_of_at_least(double least, double most);  // both included
CLI::Validator positive_number(double most);                   // which is included
CLI::Validator duration();                                     // seconds, up to some decades
CLI::Validator process_number();  // of a process that exists; a thread's names its process

}  // namespace socktap::cli
