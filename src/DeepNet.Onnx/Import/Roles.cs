namespace DeepNet.Onnx;

/// <summary>Decides which of the floating tensors of a file are trained.</summary>
internal static class Roles
{
    /// <summary>True for the operands of operators that are weights also where a Constant node gives them.</summary>
    public static bool IsWeight(string op, int input) => op switch
    {
        "Conv" or "ConvTranspose" or "Gemm" => input is 1 or 2,
        "MatMul" => input < 2,
        "Gather" => input == 0,
        "PRelu" => input == 1,
        "BatchNormalization" or "LayerNormalization" or "InstanceNormalization" or "GroupNormalization" => input is 1 or 2,
        "RMSNormalization" => input == 1,
        "LSTM" or "GRU" or "RNN" => input is 1 or 2 or 3 or 7,
        _ => false,
    };

    /// <summary>True for running statistics, which are kept and saved but not trained.</summary>
    public static bool IsStatistic(string op, int input) => op == "BatchNormalization" && input is 3 or 4;

    /// <summary>True for arithmetic, in which a single number is a constant of a formula and no weight.</summary>
    public static bool IsArithmetic(string op)
        => op is "Add" or "Sub" or "Mul" or "Div" or "Pow" or "Max" or "Min" or "Where" or "Equal" or "Mod";

    /// <summary>True for operands that say how an operator works: limits, ratios, scales.</summary>
    public static bool IsSetting(string op, int input) => op switch
    {
        "Resize" or "Upsample" or "Dropout" or "Clip" or "OneHot" or "Range" or "Pad" => input > 0,
        "QuantizeLinear" or "DequantizeLinear" or "QLinearConv" or "QLinearMatMul" => true,
        _ => false,
    };
}
