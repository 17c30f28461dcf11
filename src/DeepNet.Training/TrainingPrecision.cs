namespace DeepNet.Training;

/// <summary>The element types that a run computes in.</summary>
public enum TrainingPrecision
{
    /// <summary>Float32 throughout.</summary>
    Float32,

    /// <summary>
    /// Products in bfloat16, the rest in float32: half the memory for activations, and the speed of a GPU's matrix units.
    /// </summary>
    MixedBFloat16,

    /// <summary>
    /// Products in float16, the rest in float32, with the loss scaled so that small gradients do not vanish: for GPUs without bfloat16.
    /// </summary>
    MixedFloat16,
}

/// <summary>Precisions by name, as programs take them from their command lines.</summary>
public static class TrainingPrecisions
{
    /// <summary>The type that products run in.</summary>
    public static DType ProductType(this TrainingPrecision precision) => precision switch
    {
        TrainingPrecision.MixedBFloat16 => DType.BFloat16,
        TrainingPrecision.MixedFloat16 => DType.Float16,
        _ => DType.Float32,
    };

    /// <summary>The name: <c>float32</c>, <c>bfloat16</c> or <c>float16</c>.</summary>
    public static string Name(this TrainingPrecision precision) => precision.ProductType().Name();

    /// <summary>The precision of a name; <c>bf16</c>, <c>fp16</c> and <c>fp32</c> are understood too.</summary>
    /// <exception cref="ArgumentException">There is no such precision.</exception>
    public static TrainingPrecision Parse(string name) => name switch
    {
        "float32" or "fp32" => TrainingPrecision.Float32,
        "bfloat16" or "bf16" => TrainingPrecision.MixedBFloat16,
        "float16" or "fp16" => TrainingPrecision.MixedFloat16,
        _ => throw new ArgumentException($"[precision] '{name}' is no precision: there are float32, bfloat16 and float16."),
    };
}
