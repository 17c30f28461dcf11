// The vectors of floats and doubles, by bits.
global using Double128 = DeepNet.Lanes128<double, DeepNet.DoublePrecision>;
global using Double256 = DeepNet.Lanes256<double, DeepNet.DoublePrecision>;
global using Double512 = DeepNet.Lanes512<double, DeepNet.DoublePrecision>;
global using Float128 = DeepNet.Lanes128<float, DeepNet.SinglePrecision>;
global using Float256 = DeepNet.Lanes256<float, DeepNet.SinglePrecision>;
global using Float512 = DeepNet.Lanes512<float, DeepNet.SinglePrecision>;

// The numbers of formulas on this machine's vectors, by kind and bits: W for floats, D for doubles.
global using D256 = DeepNet.Wide<DeepNet.Lanes256<double, DeepNet.DoublePrecision>, System.Runtime.Intrinsics.Vector256<double>, double>;
global using W128 = DeepNet.Wide<DeepNet.Lanes128<float, DeepNet.SinglePrecision>, System.Runtime.Intrinsics.Vector128<float>, float>;
global using W256 = DeepNet.Wide<DeepNet.Lanes256<float, DeepNet.SinglePrecision>, System.Runtime.Intrinsics.Vector256<float>, float>;
global using W512 = DeepNet.Wide<DeepNet.Lanes512<float, DeepNet.SinglePrecision>, System.Runtime.Intrinsics.Vector512<float>, float>;
