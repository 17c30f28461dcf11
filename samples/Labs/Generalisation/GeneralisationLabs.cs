namespace DeepNet.Labs.Generalisation;

/// <summary>What holds for data that were not seen.</summary>
internal static class GeneralisationLabs
{
    public static IReadOnlyList<Lab> All { get; } =
    [
        new PenaltiesOnWeights(),
        new DropoutEnsemble(),
        new StoppingEarly(),
        new Augmentation(),
        new ChoosingModels(),
        new DistributionMismatch(),
        new ImbalancedClasses(),
        new RareAnomalies(),
        new CurseOfDimensions(),
        new FewerFeatures(),
        new BaggingAndAttacks(),
        new Boosting(),
        new NoisyLabels(),
        new PriorIsDecay(),
        new WeightStability(),
        new EffectiveDimension(),
        new ImageNorms(),
    ];
}
