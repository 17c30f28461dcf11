using System.Globalization;
using System.Text;

namespace DeepNet.Samples;

/// <summary>
/// The options of a program: declared once, and that is its help, its checks and its error messages. <c>--name value</c> and
/// <c>--name=value</c> are the same; what is wrong gets one clear sentence and exit code 2.
/// </summary>
/// <example><code>
/// var line = new CommandLine("Xor", "Learns exclusive or.");
/// var epochs = line.Number("--epochs", "N", 500, "how long to train", least: 1);
/// if (!line.Read(args, out int exit)) return exit;
/// Train(epochs.Value);
/// </code></example>
public sealed class CommandLine(string program, string summary)
{
    private const string HelpName = "--help";

    private readonly List<Option> options = [];
    private readonly List<string> examples = [];

    /// <summary>The exit code of a program that was called wrongly.</summary>
    public const int UsageError = 2;

    /// <summary>Adds a line that shows how the program is called.</summary>
    public CommandLine Example(string example)
    {
        examples.Add(example);
        return this;
    }

    /// <summary>An option that is given or not.</summary>
    public Option<bool> Flag(string name, string help) => Add(new Option<bool>(name, null, false, help) { Parse = _ => true });

    /// <summary>The option of programs that can show a run in the browser.</summary>
    public Option<bool> Live() => Flag("--live", "show the training in the browser while it goes on");

    /// <summary>An option that takes a text.</summary>
    public Option<string?> Text(string name, string value, string? otherwise, string help)
        => Add(new Option<string?>(name, value, otherwise, help) { Parse = text => text });

    /// <summary>An option that takes one of some words.</summary>
    public Option<string?> Choice(string name, string? otherwise, IReadOnlyList<string> words, string help)
        => Add(new Option<string?>(name, string.Join('|', words), otherwise, help)
        {
            Parse = text => words.FirstOrDefault(w => w.Equals(text, StringComparison.OrdinalIgnoreCase))
                ?? throw new FormatException($"{name} is one of {string.Join(", ", words)}, not '{text}'.{Spelling.Hint(text, words)}"),
        });

    /// <summary>
    /// An option that takes a whole number; where it is not given, the program decides by itself if <paramref name="otherwise"/> is null.
    /// </summary>
    public Option<int?> Number(string name, string value, int? otherwise, string help, int least = int.MinValue)
        => Add(new Option<int?>(name, value, otherwise, help)
        {
            Parse = text => !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)
                ? throw new FormatException($"{name} takes a whole number, not '{text}'.")
                : number < least ? throw new FormatException($"{name} is at least {least}, not {text}.") : number,
        });

    /// <summary>An option that takes a positive number with a fraction.</summary>
    public Option<double?> Positive(string name, string value, double? otherwise, string help)
        => Add(new Option<double?>(name, value, otherwise, help)
        {
            Parse = text
                => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0
                    && double.IsFinite(number)
                ? number
                : throw new FormatException($"{name} takes a positive number such as 0.001, not '{text}'."),
        });

    /// <summary>A word that needs no name in front of it.</summary>
    public Option<string?> Word(string value, string help)
        => Add(new Option<string?>(value, null, null, help) { IsWord = true, Parse = text => text });

    /// <summary>Reads the arguments.</summary>
    /// <param name="args">What the program was called with.</param>
    /// <param name="exit">What it is to return if there is nothing to do: 0 after <c>--help</c>, 2 after a mistake.</param>
    /// <returns>Whether there is anything to do.</returns>
    public bool Read(string[] args, out int exit)
    {
        exit = 0;
        if (args.Any(a => a is HelpName or "-h" or "-?" or "help"))
        {
            Console.Write(Help());
            return false;
        }
        try
        {
            Take(args);
            return true;
        }
        catch (FormatException e)
        {
            exit = Fail(e.Message);
            return false;
        }
    }

    /// <summary>Says what is wrong with how the program was called; the exit code is the result.</summary>
    public int Fail(string message)
    {
        Console.Error.WriteLine($"{program}: {message}\nTry {HelpName}.");
        return UsageError;
    }

    private void Take(string[] args)
    {
        var words = new Queue<Option>(options.Where(o => o.IsWord));
        for (int i = 0; i < args.Length; i++)
        {
            string arg = args[i];
            if (!arg.StartsWith('-'))
            {
                if (!words.TryDequeue(out var word))
                    throw new FormatException($"'{arg}' is not an option.{Spelling.Hint($"--{arg}", Names())}");
                word.Take(arg);
                continue;
            }
            int equals = arg.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? arg : arg[..equals];
            var option = options.Find(o => !o.IsWord && o.Name == name)
                ?? throw new FormatException($"there is no option {name}.{Spelling.Hint(name, Names())}");
            if (option.IsGiven) throw new FormatException($"{name} is given twice.");
            if (option.ValueName is null)
            {
                if (equals >= 0) throw new FormatException($"{name} takes no value.");
                option.Take("");
            }
            else if (equals >= 0)
            {
                option.Take(arg[(equals + 1)..]);
            }
            else
            {
                // A value may begin with a dash only where it is a negative number.
                bool isMissing = ++i >= args.Length
                    || (args[i].StartsWith("--", StringComparison.Ordinal) && options.Exists(o => o.Name == args[i].Split('=')[0]));
                if (isMissing) throw new FormatException($"{name} needs a value: {name} {option.ValueName}.");
                option.Take(args[i]);
            }
        }
    }

    private IEnumerable<string> Names() => options.Where(o => !o.IsWord).Select(o => o.Name).Append(HelpName);

    private string Help()
    {
        var rows = options.Select(
            o => (Left: o.ValueName is null ? o.Name : $"{o.Name} {o.ValueName}",
                Right: o.Help + (o.Default is { } text ? $" [{text}]" : ""))).ToList();
        rows.Add((HelpName, "this"));
        int width = Math.Min(30, rows.Max(r => r.Left.Length));
        var help = new StringBuilder(
            $"{summary}\n\nUsage: {program} {string.Concat(options.Where(o => o.IsWord).Select(o => $"[{o.Name}] "))}[options]\n\n");
        foreach (var (left, right) in rows)
        {
            help.Append($"  {left}").Append(' ', Math.Max(0, width - left.Length));
            if (left.Length > width) help.Append('\n').Append(' ', width + 4);
            else help.Append("  ");
            help.Append(right.ReplaceLineEndings("\n" + new string(' ', width + 4))).Append('\n');
        }
        if (examples.Count > 0) help.Append("\nExamples:\n");
        foreach (string example in examples) help.Append($"  {example}\n");
        return help.ToString();
    }

    private Option<T> Add<T>(Option<T> option)
    {
        options.Add(option);
        return option;
    }
}
