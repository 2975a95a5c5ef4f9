#include "recording/recording_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "recording/reader.h"
#include "recording/schema.h"

namespace socktap::recording {
namespace {

namespace fs = std::filesystem;

// SQLite's file header: its name, and the application's id at byte 68.
constexpr std::string_view magic("SQLite format 3\0", 16);
constexpr std::size_t id_offset = 68;

// "17" of "FILE.17", as a rotation writes it; not the first.
std::optional<std::uint64_t> later_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = code == std::errc() && end == text.data() + text.size();
  if (!is_whole || number == 0 || text.front() == '0') return std::nullopt;
  return number;
}

bool says_that_it_is(const std::string& path, std::uint64_t number) {
  const auto reader = Reader::open(path);
  return reader && reader->facts().file == number;
}

void remove_recording(const std::string& path, std::uint64_t number) {
  const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!file.valid() || ::flock(file.get(), LOCK_EX | LOCK_NB) != 0) return;
  if (!is_recording(file.get()) || !says_that_it_is(path, number)) return;
  for (const char* companion : {"", "-wal", "-shm"}) ::unlink((path + companion).c_str());
}

}  // namespace

bool is_recording(int file) {
  std::array<unsigned char, id_offset + 4> header{};
  const ssize_t got = ::pread(file, header.data(), header.size(), 0);
  std::int64_t id = 0;
  for (std::size_t i = 0; i < 4; ++i) id = id << 8 | header[id_offset + i];
  return got == static_cast<ssize_t>(header.size()) && id == application_id &&
         std::string_view(reinterpret_cast<const char*>(header.data()), magic.size()) == magic;
}

void remove_later_files(const std::string& path) {
  const fs::path first(path);
  const fs::path folder = first.has_parent_path() ? first.parent_path() : fs::path(".");
  const std::string prefix = first.filename().string() + ".";
  std::vector<std::pair<std::string, std::uint64_t>> found;
  std::error_code refusal;
  for (fs::directory_iterator entry(folder, refusal), end; !refusal && entry != end;
       entry.increment(refusal)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with(prefix)) continue;
    if (const auto number = later_number(std::string_view(name).substr(prefix.size())))
      found.emplace_back(entry->path().string(), *number);
  }
  for (const auto& [file, number] : found) remove_recording(file, number);
}

}  // namespace socktap::recording
