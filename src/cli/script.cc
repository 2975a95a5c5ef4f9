#include "cli/script.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <set>

#include "base/unique_fd.h"
#include "cli/message.h"

namespace socktap::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t largest_script = std::size_t{64} << 20;

Result<std::string> read_all(int fd, const std::string& name) {
  std::string text;
  std::array<char, 65536> room;
  for (;;) {
    const ssize_t count = ::read(fd, room.data(), room.size());
    if (count == 0) return text;
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return system_failure("cannot read the script " + name, errno);
    text.append(room.data(), static_cast<std::size_t>(count));
    if (text.size() > largest_script)
      return failure("cannot read the script " + name + ": it is larger than 64 MiB");
  }
}

Result<std::string> read_file(const std::string& path) {
  if (path == "-") return read_all(STDIN_FILENO, "on standard input");
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.valid())
    return system_failure("cannot read the script " + path, errno, "a script's text goes after -e");
  return read_all(file.get(), path);
}

// Those that are installed with the program, by their names without .stp.
std::map<std::string, fs::path> installed_scripts() {
  std::error_code code;
  const fs::path program = fs::read_symlink("/proc/self/exe", code);
  const fs::path folder = program.parent_path().parent_path() / "share/socktap/scripts";
  std::map<std::string, fs::path> scripts;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code))
    if (entry->path().extension() == ".stp") scripts.emplace(entry->path().stem(), entry->path());
  return scripts;
}

// Of a file; or, if there is none and no folder is named, of an installed script.
Result<std::string> read_named(std::string& name) {
  auto read = read_file(name);
  if (read || read.error().code != ENOENT || name.find('/') != std::string::npos) return read;
  const auto scripts = installed_scripts();
  const auto found = scripts.find(name.ends_with(".stp") ? name.substr(0, name.size() - 4) : name);
  if (found != scripts.end()) {
    name = found->second;
    return read_file(name);
  }
  Error error = std::move(read.error());
  for (const auto& script : scripts)
    error.hint += (&script == &*scripts.begin() ? "; installed are " : ", ") + script.first;
  return tl::unexpected(std::move(error));
}

Result<language::Invocation> make_invocation(const ScriptOptions& options,
                                             std::vector<std::string> arguments) {
  language::Invocation invocation = session::invocation_here();
  invocation.arguments = std::move(arguments);
  if (!options.systemtap_version.empty()) invocation.systemtap_version = options.systemtap_version;
  invocation.guru = options.guru;
  invocation.strict = options.strict;
  for (const std::string& global : options.globals) {
    const std::size_t equals = global.find('=');
    if (equals == std::string::npos || equals == 0) {
      return failure("-G " + global + " names no value", "write -G NAME=VALUE");
    }
    invocation.globals[global.substr(0, equals)] = global.substr(equals + 1);
  }
  return invocation;
}

// Where SystemTap looks for the scripts of a tapset, in its order: what is for this kernel and this
// architecture comes first.
std::vector<std::string> tapset_subfolders(const language::Invocation& invocation) {
  const std::string& release = invocation.kernel_release;
  const std::string base = release.substr(0, release.find('-'));
  std::vector<std::string> folders;
  for (const std::string& version : {release, base, base.substr(0, base.rfind('.'))}) {
    if (std::ranges::find(folders, version) != folders.end()) continue;  // "6.18" is all three
    folders.push_back(version + "/" + invocation.architecture);
    folders.push_back(version);
  }
  for (const char* last : {"linux/", ""}) {
    folders.push_back(last + invocation.architecture);
    folders.emplace_back(last);
  }
  return folders;
}

// The files of one folder, in the same order everywhere: *.stp, and *.stpm for macros.
Result<void> read_tapset_folder(const fs::path& folder, Script& script) {
  std::error_code code;
  std::set<fs::path> paths;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end;
       entry.increment(code))
    if (std::error_code none; entry->is_regular_file(none)) paths.insert(entry->path());
  for (const fs::path& path : paths) {
    const bool has_macros = path.extension() == ".stpm";
    if (!has_macros && path.extension() != ".stp") continue;
    auto text = read_file(path);
    if (!text) return tl::unexpected(text.error());
    language::Invocation& invocation = script.invocation;
    (has_macros ? invocation.macro_sources : invocation.tapset_sources)
        .push_back(script.sources.add(path, std::move(*text)));
  }
  return {};
}

Result<void> read_tapset(const std::string& folder, Script& script) {
  if (::access(folder.c_str(), R_OK | X_OK) != 0)
    return system_failure("cannot read the tapset " + folder, errno);
  for (const std::string& below : tapset_subfolders(script.invocation))
    if (auto read = read_tapset_folder(fs::path(folder) / below, script); !read) return read;
  return {};
}

}  // namespace

Result<std::unique_ptr<Script>> read_script(const ScriptOptions& options) {
  std::vector<std::string> arguments = options.words;
  std::string name = "<input>";
  std::string text;
  if (options.text) {
    text = *options.text;
  } else {
    if (arguments.empty()) return failure("no script given", "-e 'probe ...', or a file");
    name = arguments.front();
    arguments.erase(arguments.begin());
    auto read = read_named(name);
    if (!read) return tl::unexpected(read.error());
    text = std::move(*read);
  }
  auto invocation = make_invocation(options, std::move(arguments));
  if (!invocation) return tl::unexpected(invocation.error());
  auto script = std::make_unique<Script>();
  script->texts.push_back(script->sources.add(std::move(name), std::move(text)));
  for (std::size_t i = 0; i < options.additional_texts.size(); ++i) {
    script->texts.push_back(
        script->sources.add("<input" + std::to_string(i + 1) + ">", options.additional_texts[i]));
  }
  script->invocation = std::move(*invocation);
  for (const std::string& folder : options.tapset_folders)
    if (auto read = read_tapset(folder, *script); !read) return tl::unexpected(read.error());
  session::tell_kernel_config(*script);
  return script;
}

language::Outcome<language::ast::Script> parse_script(Script& script) {
  return language::parse_whole(script.sources, script.texts, script.invocation);
}

std::optional<language::TypedProgram> compile_script(Script& script, const ScriptOptions& options,
                                                     bool quiet) {
  auto compiled = language::compile(script.sources, script.texts, script.invocation);
  const Diagnostics& diagnostics = compiled.diagnostics;
  if (!quiet || diagnostics.has_errors())
    print_diagnostics(diagnostics, script.sources, options.color);
  if (diagnostics.has_errors()) return std::nullopt;
  if (options.warnings_are_errors && !quiet && !diagnostics.empty()) {
    print_error({"warnings are errors with -W", ""});
    return std::nullopt;
  }
  if (options.hide_globals) {
    for (language::Global& global : compiled.value->globals) global.is_shown_at_end = false;
  }
  return std::move(compiled.value);
}

}  // namespace socktap::cli
