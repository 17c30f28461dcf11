namespace DeepNet.Labs.Optimizers;

/// <summary>What is done with the gradient.</summary>
internal static class OptimizerLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new MomentumIsMemory(),
        new AdaGradArrives(),
        new AdaGradBursts(),
        new RmsPropForgets(),
        new AdamBiasCorrection(),
        new FiveOptimizers(),
        new AdaptiveGeneralisation(),
        new Schedules(),
        new OptimizerMemory(),
    ];
}
