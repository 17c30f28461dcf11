using System.Globalization;
using DeepNet.Bench;
using DeepNet.Bench.Cases;
using DeepNet.Bench.Page;
using DeepNet.Bench.Scale;
using DeepNet.Bench.Serve;

const string Help = """
    dotnet run -c Release --project bench -- COMMAND

      compare            times the cases that have a mark, in rounds that alternate with PyTorch's: LibTorch's through TorchSharp after
                         `dotnet build -c Release bench/TorchSharp`, Python's otherwise
      json               the same as one JSON line a case
      check              whether both sides compute the same in all cases, without timing them
      compiled           steps, forward passes and formulas as they are and as a Compiled runs them; time and memory
      scale              how time and memory grow with batch, width, depth, length and threads: fitted exponents beside the expected
      page [FILE]        compare (--rounds 5) and scale, written into the tables of docs/performance.md; takes about ten minutes
      formulas           loops made from formulas against the same loops written by hand with intrinsics
      memory             a long training run: plain, with scopes, and with hand-kept buffers; time and resident memory
      serve              a predictor of DeepNet.Hosting under 64 clients against a loop: throughput, latency, memory, reloads
      start              what a process takes to its first gradient, and to its first step of training
      kernels [ARGS]     BenchmarkDotNet on single kernels; ARGS are its own, such as --filter '*Gemm*'

      --only NAMES       cases whose name contains one of these, separated by commas, those without a mark included
      --all              all cases, those without a mark included
      --list             names the cases and ends
      --threads N[,N]    threads on both sides (default 1,2; no more than there are processors)
      --rounds N         alternating rounds (default 7)
      --steps N          steps of the memory run (default 20000)
      --seconds N        seconds of the long part of serve (default 20)
    """;

// What is timed from the start of its process is not to wait for the rest to be compiled.
if (args is ["first", ..]) return StartUp.First(args.Length > 1 ? args[1] : null);
return Run(args);

static int Run(string[] args)
{
    if (args.FirstOrDefault() == "kernels") return DeepNet.Bench.Kernels.Kernels.Run(args[1..]);

    var words = new List<string>();
    int[] threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];
    int steps = 20_000, seconds = 20;
    int? rounds = null;
    bool all = false, list = false;
    string[] only = [];
    for (int i = 0; i < args.Length; i++)
    {
        switch (args[i])
        {
            case "--threads": threads = [.. Word(++i).Split(',').Select(n => Number(n, "--threads"))]; break;
            case "--rounds": rounds = Number(Word(++i), "--rounds"); break;
            case "--steps": steps = Number(Word(++i), "--steps"); break;
            case "--only": only = Word(++i).Split(','); break;
            case "--seconds": seconds = Number(Word(++i), "--seconds"); break;
            case "--all": all = true; break;
            case "--list": list = true; break;
            case "-h" or "--help": Console.WriteLine(Help); return 0;
            case ['-', ..]: return Wrong($"There is no option {args[i]}.");
            default: words.Add(args[i]); break;
        }
    }

    switch (words.FirstOrDefault())
    {
        case "compare" or "json" or "check":
            only = [.. only, .. words[1..]];
            bool isCheck = words[0] == "check";
            var cases = All.Cases.Where(c => only.Length > 0
                ? only.Any(o => c.Name.Contains(o, StringComparison.OrdinalIgnoreCase)) : all || isCheck || !c.IsExtra).ToList();
            if (!list) return isCheck ? Check.Run(cases, threads) : Compare.Run(cases, threads, rounds ?? 7, words[0] == "json");
            foreach (var item in cases) Console.WriteLine(item.Name);
            return 0;
        case "compiled": return CompiledRun.Run([.. only, .. words[1..]], threads, rounds ?? 7);
        case "scale": return ScaleRun.Run(threads[0]);
        case "page": return PageRun.Run(words.Count > 1 ? words[1] : "docs/performance.md", threads, rounds ?? 5);
        case "formulas": return Formulas.Run(rounds ?? 7);
        case "memory": return MemoryRun.Run(steps);
        case "serve": return ServeRun.RunAsync(rounds ?? 7, seconds).GetAwaiter().GetResult();
        case "start": return StartUp.Run(rounds ?? 7);
        case null: Console.WriteLine(Help); return 0;
        default: return Wrong($"There is no command {words[0]}.");
    }

    string Word(int at) => at < args.Length ? args[at] : throw new ArgumentException($"{args[at - 1]} takes a value.");
}

static int Number(string word, string option) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
    ? n : throw new ArgumentException($"{option} takes positive numbers, not '{word}'.");

static int Wrong(string what)
{
    Console.Error.WriteLine(what);
    Console.Error.WriteLine(Help);
    return 1;
}
