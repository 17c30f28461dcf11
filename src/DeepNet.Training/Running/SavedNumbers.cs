using DeepNet.IO;

namespace DeepNet.Training.Running;

/// <summary>Numbers of a checkpoint that anybody may have written, checked.</summary>
internal static class SavedNumbers
{
    private const long MostExact = 1L << 53;            // of whole numbers in a double

    /// <summary>Gets a whole number that is not negative; 0 if there is none of that name.</summary>
    public static long Count(Checkpoint checkpoint, string name, long most = int.MaxValue)
    {
        double value = checkpoint.Numbers.TryGetValue(name, out double number) ? number : 0;
        if (value >= 0 && value <= Math.Min(most, MostExact) && value == Math.Floor(value)) return (long)value;
        throw new InvalidDataException(FormattableString.Invariant($"its '{name}' is {value}, and must be a count"));
    }

    /// <summary>Checks a whole number.</summary>
    public static long InRange(string name, long value, long most)
        => value >= 0 && value <= most ? value : throw new InvalidDataException($"its {name} is {value}, and must be from 0 to {most}");

    /// <summary>Gets a number that is finite and not negative; 0 if there is none of that name.</summary>
    public static double NotNegative(Checkpoint checkpoint, string name)
    {
        double value = checkpoint.Numbers.TryGetValue(name, out double number) ? number : 0;
        if (value >= 0 && double.IsFinite(value)) return value;
        throw new InvalidDataException(FormattableString.Invariant($"its '{name}' is {value}, and must be finite and not negative"));
    }
}
