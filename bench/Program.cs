using System.Globalization;
using DeepNet.Bench;
using DeepNet.Bench.Cases;

const string Help = """
    dotnet run -c Release --project bench -- COMMAND

      compare [FILTER]   times every case (or those whose name contains FILTER) in rounds that alternate with PyTorch's
      json [FILTER]      the same as one JSON line a case
      formulas           loops made from formulas against the same loops written by hand with intrinsics
      memory             a long training run: plain, with scopes, and with hand-kept buffers; time and resident memory
      start              what a process that makes two tensors, multiplies them and runs Backward takes

      --threads N        threads on both sides (default 1)
      --rounds N         alternating rounds (default 5)
      --steps N          steps of the memory run (default 20000)
    """;

var words = new List<string>();
int threads = 1, rounds = 5, steps = 20_000;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--threads": threads = Number(++i); break;
        case "--rounds": rounds = Number(++i); break;
        case "--steps": steps = Number(++i); break;
        case "-h" or "--help": Console.WriteLine(Help); return 0;
        default: words.Add(args[i]); break;
    }
}

switch (words.FirstOrDefault())
{
    case "compare" or "json":
        string filter = words.ElementAtOrDefault(1) ?? "";
        var cases = All.Cases.Where(c => c.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)).ToList();
        return Compare.Run(cases, threads, rounds, words[0] == "json");
    case "formulas": return Formulas.Run(rounds);
    case "memory": return MemoryRun.Run(steps);
    case "start": return StartUp.Run(rounds);
    case "first": return StartUp.First();
    default: Console.WriteLine(Help); return words.Count == 0 ? 0 : 1;
}

int Number(int at) => at < args.Length && int.TryParse(args[at], NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n > 0
    ? n : throw new ArgumentException($"{args[at - 1]} takes a positive number.");
