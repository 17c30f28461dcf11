using System.Globalization;
using DeepNet.Fuzz;

// dotnet run --project tests/DeepNet.Fuzz -- idx --inputs 50000 --seed 1
// dotnet run --project tests/DeepNet.Fuzz -- idx --replay fuzz-failures/idx-1-17.bin
const string Usage = "Usage: DeepNet.Fuzz FORMAT|all [--inputs N] [--seed N] [--replay FILE] [--failures FOLDER]";

var options = new Dictionary<string, string> { ["--inputs"] = "20000", ["--seed"] = "1", ["--failures"] = "fuzz-failures" };
for (int i = 1; i + 1 < args.Length; i += 2) options[args[i]] = args[i + 1];
var chosen = args.Length % 2 == 1 ? Format.All.Where(f => args[0] == "all" || f.Name == args[0]).ToList() : [];
if (chosen.Count == 0 || options.Keys.Except(["--inputs", "--seed", "--failures", "--replay"]).Any()
    || !int.TryParse(options["--inputs"], NumberStyles.None, CultureInfo.InvariantCulture, out int inputs)
    || !ulong.TryParse(options["--seed"], NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
{
    Console.Error.WriteLine($"{Usage}\nFormats: {string.Join(", ", Format.All)}");
    return 2;
}
int exit = 0;
foreach (var format in chosen)
{
    var run = new FuzzRun(format, seed, options["--failures"]);
    try
    {
        if (options.TryGetValue("--replay", out string? saved)) run.Replay(saved);
        else run.Run(inputs);
        Console.WriteLine(run);
    }
    catch (FuzzException e)
    {
        Console.Error.WriteLine($"FAILED {e.Message}\n{e.InnerException}");
        exit = 1;
    }
}
return exit;
