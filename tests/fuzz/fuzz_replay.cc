// Runs a fuzz target without libFuzzer: every seed as it is, then mutations of the seeds until the
// time is over. The mutations depend on the seeds alone, so that a failure can be run again:
//
//   parse_fuzz_replay [--seconds N] [--from N] SEED...      seeds: files, or folders of files
//
// It prints the number of the mutation at work when the target crashes; --from begins there.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Options {
  double seconds = 3;
  std::uint64_t from = 0;
  std::vector<std::string> seeds;
};

volatile std::sig_atomic_t mutation_at_work = 0;

void say_which_mutation(int signal) {
  char text[64];
  const int length = std::snprintf(text, sizeof text, "crashed in mutation %ld\n",
                                   static_cast<long>(mutation_at_work));
  (void)!write(STDERR_FILENO, text, static_cast<std::size_t>(length));
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

Options read_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--seconds") == 0 && i + 1 < argc) {
      options.seconds = std::atof(argv[++i]);
    } else if (std::strcmp(argv[i], "--from") == 0 && i + 1 < argc) {
      options.from = std::strtoull(argv[++i], nullptr, 10);
    } else {
      options.seeds.emplace_back(argv[i]);
    }
  }
  return options;
}

std::vector<std::string> read_seeds(const std::vector<std::string>& places) {
  std::vector<fs::path> paths;
  for (const std::string& place : places) {
    if (!fs::is_directory(place)) {
      paths.emplace_back(place);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(place)) {
      if (entry.is_regular_file()) paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> seeds;
  for (const fs::path& path : paths) {
    std::ifstream file(path, std::ios::binary);
    seeds.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  }
  return seeds;
}

// A seed with a few random changes; the n-th mutation is the same in every run.
class Mutation {
 public:
  Mutation(const std::vector<std::string>& seeds, std::uint64_t number)
      : seeds_(seeds), random_(number) {}

  std::string text() {
    std::string text = any_seed();
    for (std::size_t changes = 1 + below(4); changes > 0; --changes) change(text);
    return text;
  }

 private:
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : random_() % limit; }
  const std::string& any_seed() { return seeds_[below(seeds_.size())]; }

  // A piece of `text` of up to `longest` bytes.
  std::string piece(const std::string& text, std::size_t longest) {
    const std::size_t begin = below(text.size());
    return text.substr(begin, 1 + below(longest));
  }

  void change(std::string& text) {
    const std::size_t at = below(text.size() + 1);
    switch (below(6)) {
      case 0:
        if (at < text.size()) text[at] = static_cast<char>(below(256));
        break;
      case 1:
        text.erase(at, 1 + below(20));
        break;
      case 2:
        text.insert(at, piece(text, 40));
        break;
      case 3:
        text.insert(at, piece(any_seed(), 80));
        break;
      case 4:
        text.resize(at);
        break;
      case 5:
        repeat(text, at);
        break;
    }
  }

  void repeat(std::string& text, std::size_t at) {
    const std::string again = piece(text, 4);
    std::string repeated;
    for (std::size_t times = below(500); times > 0; --times) repeated += again;
    text.insert(at, repeated);
  }

  const std::vector<std::string>& seeds_;
  std::mt19937_64 random_;
};

void run(const std::string& input) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = read_options(argc, argv);
  const std::vector<std::string> seeds = read_seeds(options.seeds);
  if (seeds.empty()) {
    std::fprintf(stderr, "no seeds\n");
    return 2;
  }
  for (const std::string& seed : seeds) run(seed);

  std::signal(SIGABRT, say_which_mutation);
  std::signal(SIGSEGV, say_which_mutation);
  const auto end = Clock::now() + std::chrono::duration<double>(options.seconds);
  std::uint64_t number = options.from;
  for (; Clock::now() < end; ++number) {
    mutation_at_work = static_cast<std::sig_atomic_t>(number);
    run(Mutation(seeds, number).text());
  }
  std::printf("%zu seeds and %llu mutations\n", seeds.size(),
              static_cast<unsigned long long>(number - options.from));
  return 0;
}
