using System.Globalization;
using DeepNet.RandomPrograms;

// dotnet run -c Release --project tests/DeepNet.RandomPrograms -- --programs 10000 --seed 1 [--from 0] [--compiled]
int programs = Option("--programs", 1000), seed = Option("--seed", 1), from = Option("--from", 0);
Console.WriteLine($"Seed {seed}, programs {from} to {from + programs - 1}.");
var report = Campaign.Run(new Catalog(), seed, from, programs, Console.WriteLine, args.Contains("--compiled"));
Console.WriteLine(report);
return report.Failures.Count == 0 ? 0 : 1;

int Option(string name, int otherwise)
{
    int at = Array.IndexOf(args, name);
    if (at < 0) return otherwise;
    return at + 1 < args.Length && int.TryParse(args[at + 1], NumberStyles.Integer, CultureInfo.InvariantCulture, out int value)
        ? value : throw new ArgumentException($"{name} needs a whole number behind it.");
}
