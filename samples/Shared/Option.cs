using System.Globalization;

namespace DeepNet.Samples;

/// <summary>An option of a <see cref="CommandLine"/>.</summary>
public abstract class Option(string name, string? valueName, string help)
{
    /// <summary>With its dashes.</summary>
    public string Name { get; } = name;

    /// <summary>What help calls its value; null if it takes none.</summary>
    public string? ValueName { get; } = valueName;

    public string Help { get; } = help;

    /// <summary>Whether it stands without a name in front of it.</summary>
    public bool IsWord { get; init; }

    /// <summary>Whether the user gave it.</summary>
    public bool IsGiven { get; protected set; }

    /// <summary>What help says about its value where it is not given.</summary>
    public abstract string? Default { get; }

    public abstract void Take(string text);
}

/// <summary>An option with a value.</summary>
public sealed class Option<T>(string name, string? valueName, T otherwise, string help) : Option(name, valueName, help)
{
    public required Func<string, T> Parse { get; init; }

    /// <summary>The value that was given, or the one that stands for none.</summary>
    public T Value { get; private set; } = otherwise;

    public override string? Default { get; } = otherwise is null or bool ? null : Convert.ToString(otherwise, CultureInfo.InvariantCulture);

    public override void Take(string text)
    {
        Value = Parse(text);
        IsGiven = true;
    }
}
