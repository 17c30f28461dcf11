namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>OpenCL's sources are the same whatever the process compiled before them: drivers find compiled kernels by their text.</summary>
public class StableSourceTests
{
    [Fact]
    public void Types_and_labels_are_numbered_as_they_come()
    {
        const string Source = "struct type_8362; struct type_8362_kernel { float field_0; }; typedef float* type_160;\nL_79310: ; goto "
            + "L_793174; view_1[var2] = atan2(var3, 1.0f); goto L_79310;";
        const string Expected = "struct type_0; struct type_0_kernel { float field_0; }; typedef float* type_1;\nL_2: ; goto L_3; "
            + "view_1[var2] = atan2(var3, 1.0f); goto L_2;";
        Assert.Equal(Expected, StableSource.Renumbered(Source));
        Assert.Equal(
            Expected, StableSource.Renumbered(
                Source.Replace("8362", "77", StringComparison.Ordinal).Replace("7931", "12", StringComparison.Ordinal)));
        Assert.Equal(Expected, StableSource.Renumbered(Expected));
    }
}
