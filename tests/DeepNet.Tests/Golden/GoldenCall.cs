namespace DeepNet.Tests.Golden;

/// <summary>The arguments of a call of the table: the inputs as tensors, and the case for the rest.</summary>
public sealed record GoldenCall(GoldenCase Case, Tensor[] Inputs, DType DType)
{
    public Tensor this[int input] => Inputs[input];
    /// <summary>The device that the case runs on; what a call makes of its own goes there too.</summary>
    public Device Device => Inputs.Length > 0 ? Inputs[0].Device : DeepNet.Device.Cpu;

    public bool Has(int input) => input < Inputs.Length;
    public int[] Axes => Case.Ints("axes", []);
    public int Axis => Case.Int("axis");
    public bool KeepDim => Case.Flag("keepDim");
}
