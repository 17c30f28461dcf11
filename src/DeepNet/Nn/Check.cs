namespace DeepNet.Nn;

/// <summary>Checks of arguments that many layers share.</summary>
internal static class Check
{
    public static void Positive(string op, string name, int value)
    {
        if (value <= 0) throw new ArgumentOutOfRangeException(name, $"[{op}] {name} is {value}, it must be positive.");
    }

    public static double Probability(string op, double p)
        => p is >= 0 and <= 1 ? p
        : throw new ArgumentOutOfRangeException(nameof(p), $"[{op}] {p} is not a probability: it must be from 0 to 1.");

    /// <summary>Channels on axis 1 of a batch.</summary>
    public static void Channels(string op, Shape x, int channels, int rank)
    {
        string axes = rank switch { 2 => "N, {0}", 3 => "N, {0}, L", 4 => "N, {0}, H, W", _ => "N, {0}, D, H, W" };
        if (x.Rank != rank || x[1] != channels)
            throw new ArgumentException(
                $"[{op}] expects ({string.Format(System.Globalization.CultureInfo.InvariantCulture, axes, channels)}), got {x}"
                + (x.Rank != rank ? $", which has {x.Rank} axes and not {rank}." : $": axis 1 has {x[1]} channels, not {channels}.")
                + (x.Rank == rank - 1 ? " Is the axis of the batch missing? x.Unsqueeze(0) adds it." : ""));
    }

    /// <summary>The shape of one number per channel, to be broadcast over a batch.</summary>
    public static int[] ChannelShape(int channels, int rank)
    {
        int[] lengths = new int[rank];
        Array.Fill(lengths, 1);
        lengths[1] = channels;
        return lengths;
    }
}
