package otelurlr_test

const secret = "whsec_test"
