#include "cli/source_choice.h"

#include "cli/arguments.h"

namespace socktap::cli {

void add_source_options(CLI::App& app, SourceChoice& choice) {
  app.add_option(
         "--backend", choice.backend,
         "observe by eBPF programs of this kind only, by the best of them (ebpf), or by ptrace "
         "(auto: ebpf, or ptrace where that is refused)")
      ->type_name(one_of(session::backend_names()));
  app.add_option("--disable-strategy", choice.disabled_strategies,
                 "do not use this strategy (socktap doctor names them)")
      ->type_name("STRATEGY")
      ->take_all()
      ->allow_extra_args(false);
  app.add_option("--btf", choice.types_file,
                 "where the kernel has no types (BTF) of its own: those of this release")
      ->type_name("FILE");
}

}  // namespace socktap::cli
