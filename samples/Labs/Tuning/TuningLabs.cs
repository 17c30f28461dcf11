namespace DeepNet.Labs.Tuning;

/// <summary>Few parameters, and what is known beforehand.</summary>
internal static class TuningLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new LoraRank(),
        new LotteryTicket(),
        new Uncertainty(),
        new DarkKnowledge(),
        new RewardAndReinforce(),
    ];
}
