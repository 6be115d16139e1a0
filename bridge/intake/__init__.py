"""The hook's side of the bridge: who calls, and does the order keep the contract?"""
