using DeepNet.Samples;

namespace DeepNet.Labs.Running;

/// <summary>What the user asked for.</summary>
internal sealed record CommandLine(string Command, IReadOnlyList<Lab> Labs, string? Out, LabSize Size, string? Mutation, ulong Seed)
{
    public const string Help = """
        Labs: how training works, each phenomenon as a program with a number and an image.

          labs list                         what there is
          labs run saddle [ravine 12 …]     runs labs, by name or number, and prints what they find
          labs all --out labs               runs all and writes labs/index.html, a page that works without a network
          labs serve --out labs             shows labs/index.html in a browser, and makes it first if it is not there
          labs paths                        writes the paths of the optimizers that race on the page, as JSON

        Options
          --out FOLDER        writes the page FOLDER/index.html with text, tables and figures
          --reduced           the small size that tests run
          --mutate NAME       spoils the experiment, to see its check fail (see 'labs list --mutations')
          --mutations         with list: names the ways in which each lab can be spoilt
          --seed N            other chance; the claims are checked for the seed 1
          --port N            the port of 'serve', which listens on this machine alone; any free one if left out
          --help              this text

        Ends with 0 when all claims hold, 1 when one fails, 2 for a mistake on the command line.
        """;

    private static readonly string[] Commands = ["list", "run", "all", "serve", "paths"];
    private static readonly string[] Options = ["--out", "--reduced", "--mutate", "--mutations", "--seed", "--port", "--help"];

    public bool ShowMutations { get; private init; }

    /// <summary>Gets the port to serve on; any that is free if 0.</summary>
    public int Port { get; private init; }

    /// <summary>Reads the arguments; null asks for help.</summary>
    /// <exception cref="UsageException">Something is not understood; says what was probably meant.</exception>
    public static CommandLine? Parse(IReadOnlyList<string> arguments)
    {
        if (arguments.Count == 0 || arguments.Any(a => a is "--help" or "-h" or "-?" or "help")) return null;
        string command = arguments[0];
        if (!Commands.Contains(command)) throw new UsageException($"there is no command '{command}'.{Spelling.Hint(command, Commands)}");
        string? folder = null, mutation = null;
        var size = LabSize.Full;
        ulong seed = LabContext.DefaultSeed;
        bool mutations = false;
        int port = 0;
        var labs = new List<Lab>();
        for (int i = 1; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            string Next() => ++i < arguments.Count ? arguments[i] : throw new UsageException($"{argument} needs a value after it.");
            switch (argument)
            {
                case "--out": folder = Next(); break;
                case "--reduced": size = LabSize.Reduced; break;
                case "--mutate": mutation = Next(); break;
                case "--mutations": mutations = true; break;
                case "--seed":
                    string text = Next();
                    if (!ulong.TryParse(text, out seed)) throw new UsageException($"--seed {text}: a whole number from 0 is needed.");
                    break;
                case "--port":
                    string number = Next();
                    if (!int.TryParse(number, out port) || port is < 1 or > 65535)
                        throw new UsageException($"--port {number}: a number from 1 to 65535 is needed.");
                    break;
                case ['-', ..]: throw new UsageException($"there is no option '{argument}'.{Spelling.Hint(argument, Options)}");
                default:
                    if (command is not ("run" or "serve"))
                        throw new UsageException($"'{command}' takes no names of labs. Did you mean 'run {argument}'?");
                    labs.Add(
                        Catalogue.Find(argument)
                            ?? throw new UsageException(
                                $"there is no lab '{argument}'.{Spelling.Hint(argument, Catalogue.All.Select(l => l.Name))} "
                                    + "'list' shows all."));
                    break;
            }
        }
        if (command == "run" && labs.Count == 0)
            throw new UsageException("'run' needs the name of a lab, such as 'run saddle'. 'list' shows all.");
        if (command == "all" || command == "serve" && labs.Count == 0) labs.AddRange(Catalogue.All);
        if (mutation is not null && labs.FirstOrDefault(l => !l.Mutations.Contains(mutation)) is { } other)
            throw new UsageException(
                $"lab {other.Name} knows no mutation '{mutation}'.{Spelling.Hint(mutation, other.Mutations)} It has: "
                    + $"{string.Join(", ", other.Mutations.Select(m => $"'{m}'"))}.");
        return new(command, labs, folder, size, mutation, seed) { ShowMutations = mutations, Port = port };
    }
}

/// <summary>A mistake on the command line.</summary>
internal sealed class UsageException(string message) : Exception(message);
